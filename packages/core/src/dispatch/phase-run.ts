import type { PhaseDefinition, PluginDefinition } from '../definition/plugin-definition.js'
import { PHASES_WITH_RESPONSE } from '../phase/phase.js'
import { KongTsError } from '../errors/kong-ts-error.js'
import { PhaseTimeoutError } from '../errors/phase-timeout-error.js'
import type { EventCalls, Interruptible } from './event-calls.js'
import type { EventScope } from './event-scope.js'
import { failureAnswer } from './failure-answer.js'
import { EXITED, FINISHED, LOST, type PhaseOutcome } from './phase-outcome.js'
import { PHASE_OVER } from './phase-over.js'
import { ResponseExit } from '../pdk/call/response-exit.js'

export interface DispatchOptions {
  /** Ask Kong for its request id when a handler has failed, so that the log line can name the request. Default `false`. */
  readonly askRequestId?: boolean
}

/** Is told once how a phase ended. */
export interface PhaseEnd {
  phaseEnded(outcome: PhaseOutcome): void
}

/** A handler that was called, until its phase is over: waits for it, for its un-awaited calls, and tells Kong of its failure. */
export class PhaseRun implements Interruptible {
  readonly #definition: PluginDefinition
  readonly #phase: PhaseDefinition
  readonly #calls: EventCalls
  readonly #scope: EventScope
  readonly #end: PhaseEnd
  readonly #options: DispatchOptions
  #deadline: NodeJS.Timeout | undefined
  /** The handler has returned or failed; what it does now changes nothing more. */
  #settled = false

  constructor(
    definition: PluginDefinition,
    phase: PhaseDefinition,
    calls: EventCalls,
    scope: EventScope,
    end: PhaseEnd,
    options: DispatchOptions,
  ) {
    this.#definition = definition
    this.#phase = phase
    this.#calls = calls
    this.#scope = scope
    this.#end = end
    this.#options = options
  }

  /** Waits for a handler that has not returned yet, up to its deadline. */
  await(running: PromiseLike<unknown>): void {
    const { timeout } = this.#phase
    this.#calls.onInterrupt(this)
    if (timeout > 0) this.#deadline = setTimeout(expire, timeout, this)
    try {
      running.then(
        () => this.finish(),
        (error: unknown) => this.fail(error),
      )
    } catch (error) {
      this.fail(error)
    }
  }

  /** The handler has returned: the phase ends when its last call is answered. */
  finish(): void {
    if (this.#settle()) this.#concludeWhenDrained()
  }

  /** The handler has failed. */
  fail(error: unknown): void {
    if (!this.#settle()) return
    if (isTimeout(error)) this.#scope.end(() => error)
    this.#tell(error)
  }

  interrupt(error: Error): void {
    this.fail(error)
  }

  /** The handler's time is over. */
  expire(): void {
    this.fail(new PhaseTimeoutError(this.#definition.name, this.#phase.phase, this.#phase.timeout))
  }

  /** @returns whether this is the first time. */
  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    clearTimeout(this.#deadline)
    return true
  }

  /** Looks again after each wait: whoever was answered may have made another call, and Kong would step into an event that is over. */
  #concludeWhenDrained(): void {
    const draining = this.#calls.drain()
    if (draining === undefined) this.#conclude()
    else void draining.then(() => this.#concludeWhenDrained())
  }

  #conclude(): void {
    const calls = this.#calls
    if (calls.exited) this.#over(EXITED)
    else if (calls.lost) this.#over(LOST)
    else if (calls.failedFinal !== undefined) this.#tell(calls.failedFinal.error)
    else {
      calls.end(PHASE_OVER[this.#phase.phase])
      this.#over(FINISHED)
    }
  }

  #tell(error: unknown): void {
    void tellFailure(error, this.#phase, this.#calls, this.#options).then((outcome) => this.#over(outcome))
  }

  #over(outcome: PhaseOutcome): void {
    this.#scope.end(PHASE_OVER[this.#phase.phase])
    this.#end.phaseEnded(outcome)
  }
}

function expire(run: PhaseRun): void {
  run.expire()
}

async function tellFailure(
  error: unknown,
  { phase, failOpen }: PhaseDefinition,
  calls: EventCalls,
  { askRequestId }: DispatchOptions,
): Promise<PhaseOutcome> {
  if (calls.exited && error instanceof ResponseExit) return EXITED
  if (!calls.exited) {
    calls.end(PHASE_OVER[phase])
    await calls.drain()
  }
  if (calls.lost) return LOST
  if (calls.exited) return { kind: 'failed', error, requestId: undefined, answeredWith: undefined, kongWaits: false }
  if (!PHASES_WITH_RESPONSE.has(phase)) return { kind: 'failed', error, requestId: undefined, answeredWith: undefined, kongWaits: true }
  const requestId = askRequestId === true ? readRequestId(await calls.ask('kong.nginx.get_var', ['kong_request_id'])) : undefined
  if (calls.lost) return { kind: 'failed', error, requestId, answeredWith: undefined, kongWaits: false }
  if (failOpen) return { kind: 'failed', error, requestId, answeredWith: undefined, kongWaits: true }
  const status = isTimeout(error) ? 504 : 500
  calls.sendFinal('kong.response.exit', failureAnswer(status))
  return { kind: 'failed', error, requestId, answeredWith: status, kongWaits: false }
}

/** Kongs before 3.5 have no such variable and answer nil; anything but an id has no place in a log line. */
function readRequestId(answer: unknown): string | undefined {
  return typeof answer === 'string' && /^[\w-]{1,64}$/.test(answer) ? answer : undefined
}

function isTimeout(error: unknown): error is KongTsError {
  return error instanceof KongTsError && error.code === 'ERR_PHASE_TIMEOUT'
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
