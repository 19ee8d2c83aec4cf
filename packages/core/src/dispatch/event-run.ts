import type { PhaseDefinition } from '../definition/plugin-definition.js'
import { KongTsError } from '../errors/kong-ts-error.js'
import { PhaseTimeoutError } from '../errors/plugin-errors.js'
import type { PdkCall, PdkOptions } from '../pdk/call/pdk-channel.js'
import { PdkArgumentError, PdkPhaseError } from '../pdk/call/pdk-errors.js'
import { FINAL_METHODS, ResponseExit } from '../pdk/call/response-exit.js'
import { PDK } from '../pdk/pdk.js'
import { PHASES_WITH_RESPONSE, type Phase } from '../phase/phase.js'
import { afterPromiseJobs, afterThisPromiseJob } from './after-promise-jobs.js'
import { PendingCall } from './pending-call.js'
import { EXITED, FINISHED, LOST, failed, failureAnswer, failureStatus, type PhaseOutcome } from './phase-outcome.js'
import type { PluginInstance } from './plugin-instance.js'

/** Connects an event with Kong: over a connection of the plugin server, or with the simulated Kong in memory. */
export interface EventCarrier {
  /**
   * Hands one PDK call to Kong. The carrier gives Kong's answer to the event's `answer`, `answerWithError` or `lose`, after `send` has
   * returned. Kong never answers the methods in `FINAL_METHODS`. When `send` throws, nothing was sent.
   */
  send(method: string, args: readonly unknown[]): void
  /** The event is over. Called once, maybe before `EventRun.start` returns. */
  ended(outcome: PhaseOutcome): void
  /** A call was rejected without being sent. If nobody awaits it, Node reports it later; the carrier can note now which event it belongs to. */
  rejected?(promise: Promise<unknown>, error: unknown): void
}

export interface EventRunOptions {
  /** Ask Kong for its request id when a handler has failed, so that the log line can name the request. Default `false`. */
  readonly askRequestId?: boolean
}

/**
 * - `running`: the handler has not settled.
 * - `finishing`: the handler has returned. The phase ends when no call is unanswered.
 * - `failing`: the handler has failed. Kong hears of it when it has answered the call that it works on.
 * - `telling`: Kong is asked for the request id and told to end the request.
 * - `over`: the carrier knows the outcome.
 */
type Stage = 'running' | 'finishing' | 'failing' | 'telling' | 'over'

const NO_OPTIONS: EventRunOptions = {}
/** Taken when the module loads: a test's fake clock would make this time jump. */
const now = performance.now.bind(performance)

/**
 * Runs one event: the handler of one phase for one request, its PDK calls, and what follows when it fails.
 *
 * **When a phase is over.** The handler has settled, none of its PDK calls is unanswered, and every promise job that was ready by then has
 * run, however many `await`s that takes. So work that nobody awaits still reaches Kong as long as it waits for PDK calls only. Work that
 * waits for something else, such as a timer or `fetch`, does not hold the phase open, and its later calls are rejected. A handler that
 * returned no promise and made no call is over when it returns.
 *
 * **Calls.** Kong answers one call of an event at a time. Later calls wait for their turn, in order, awaited or not. Calls after
 * `kong.response.exit` or `error`, after a failure or after the end of the phase are rejected.
 *
 * **Failures.** When the handler throws or passes its deadline, calls that wait are rejected, and the request is ended with 500 or 504,
 * unless the phase fails open or cannot end a request. An `exit` that could not be sent counts as a failure of the handler, even if nobody
 * awaited it: the request must not pass.
 *
 * **Deadline.** It counts until the phase is over. A handler that blocks the process lets no timer fire, so the time is also checked when
 * the handler has returned: a handler that blocked for too long is late.
 */
export class EventRun implements PdkOptions {
  readonly phase: Phase
  readonly #definition: PhaseDefinition
  readonly #carrier: EventCarrier
  readonly #options: EventRunOptions
  #plugin = ''
  #stage: Stage = 'running'
  /** Milliseconds, when the handler was called. */
  #began = 0
  #deadline: NodeJS.Timeout | undefined
  /** The call that Kong works on. */
  #current: PendingCall | undefined
  #waiting: PendingCall[] | undefined
  /** The handler has made a call, sent or refused. */
  #called = false
  /** `kong.response.exit` or `error` was sent. */
  #exited = false
  /** Why the event was lost. */
  #loss: Error | undefined
  /** What the handler failed with. */
  #failure: unknown
  /** Why a call that was to end the request could not be sent. */
  #failedExit: { readonly error: unknown } | undefined
  #abortController: AbortController | undefined

  constructor(definition: PhaseDefinition, carrier: EventCarrier, options = NO_OPTIONS) {
    this.phase = definition.phase
    this.#definition = definition
    this.#carrier = carrier
    this.#options = options
  }

  /** Calls the handler of `instance`. Must be called once; whatever the handler does, it does not throw. */
  start(instance: PluginInstance): void {
    this.#plugin = instance.definition.name
    this.#began = now()
    let running: Promise<unknown> | undefined
    try {
      const returned = callHandler(instance, this.#definition, new PDK(this.call, this))
      if (returned instanceof Promise) running = returned
      else if (isThenable(returned)) running = Promise.resolve(returned)
    } catch (error) {
      this.#fail(error)
      return
    }
    if (running === undefined) {
      this.#returned()
      return
    }
    const { timeout } = this.#definition
    if (timeout > 0) this.#deadline = setTimeout(EventRun.#expire, timeout, this)
    running.then(
      () => this.#resolved(),
      (error: unknown) => this.#fail(error),
    )
  }

  /** The seam for `new PDK(event.call, event)`. */
  readonly call: PdkCall = (method, args) => {
    const call = new PendingCall(method, args)
    this.#called = true
    if (this.#exited || (this.#stage !== 'running' && this.#stage !== 'finishing')) this.#refuse(call)
    else if (this.#current !== undefined) (this.#waiting ??= []).push(call)
    else if (!this.#send(call)) this.#sendNext()
    return call.promise
  }

  /** The PDK has refused a call. */
  refused(promise: Promise<unknown>, error: KongTsError): void {
    this.#called = true
    const method = error instanceof PdkArgumentError || error instanceof PdkPhaseError ? error.method : ''
    this.#rejected(method, promise, error)
  }

  /** Is aborted when the event is over or its deadline has passed. Made only when asked for: most handlers do not. */
  signal(): AbortSignal {
    if (this.#abortController === undefined) {
      this.#abortController = new AbortController()
      if (this.#stage === 'over' || isTimeout(this.#failure)) this.#abort()
    }
    return this.#abortController.signal
  }

  /** Takes Kong's answer to the call that was sent last; `undefined` for nil. */
  answer(value: unknown): void {
    const call = this.#current
    if (call === undefined) return
    this.#current = undefined
    call.resolve(value)
    this.#answered()
  }

  /** Kong's answer to the call that was sent last cannot be used: that call is rejected, and the event goes on. */
  answerWithError(error: unknown): void {
    const call = this.#current
    if (call === undefined) return
    this.#current = undefined
    this.#reject(call, error)
    this.#answered()
  }

  /** Nobody will answer any more: the event ends without the handler, which may still run. */
  lose(reason: Error): void {
    if (this.#stage === 'over') return
    this.#loss = reason
    const call = this.#current
    this.#current = undefined
    call?.rejectQuietly(reason)
    // In `telling` the handler's failure is the outcome: it follows when the question for the request id has failed.
    if (this.#stage !== 'telling') this.#end(this.#exited ? EXITED : LOST)
  }

  /** Ends the handler's time as if it had failed with `error`. */
  interrupt(error: Error): void {
    this.#fail(error)
  }

  static #expire(event: EventRun): void {
    event.#fail(event.#timeoutError())
  }

  /** The handler has returned something other than a promise. */
  #returned(): void {
    this.#stage = 'finishing'
    if (this.#current !== undefined) return
    if (this.#called && !this.#exited) afterPromiseJobs(EventRun.#finishWhenQuiet, this)
    else this.#finish()
  }

  /** The handler's promise has resolved. Runs as a promise job. */
  #resolved(): void {
    if (this.#stage !== 'running') return
    this.#stage = 'finishing'
    if (this.#current === undefined) afterThisPromiseJob(EventRun.#finishWhenQuiet, this)
  }

  /** Kong has answered, and waits for the next call or the end. */
  #answered(): void {
    if (this.#stage === 'failing') this.#tell()
    else if (this.#stage === 'finishing' && this.#isLate()) this.#fail(this.#timeoutError())
    else {
      this.#sendNext()
      if (this.#stage === 'finishing' && this.#current === undefined) afterPromiseJobs(EventRun.#finishWhenQuiet, this)
    }
  }

  /** Does nothing when a promise job has made another call: this runs again after its answer. */
  static #finishWhenQuiet(event: EventRun): void {
    if (event.#stage === 'finishing' && event.#current === undefined) event.#finish()
  }

  #finish(): void {
    if (this.#isLate()) this.#fail(this.#timeoutError())
    else if (this.#exited) this.#end(EXITED)
    else if (this.#failedExit !== undefined) this.#fail(this.#failedExit.error)
    else this.#end(FINISHED)
  }

  #fail(error: unknown): void {
    if (this.#stage !== 'running' && this.#stage !== 'finishing') return
    // An exit unwinds the handler with this error.
    const failure = this.#exited && error instanceof ResponseExit && this.#isLate() ? this.#timeoutError() : error
    this.#stage = 'failing'
    this.#failure = failure
    if (isTimeout(failure)) this.#abort()
    if (this.#exited) {
      this.#end(failure instanceof ResponseExit ? EXITED : failed(failure, { kongWaits: false }))
      return
    }
    this.#refuseWaiting()
    if (this.#current === undefined) this.#tell()
  }

  /** Ends the request of a failed handler, where its phase can. */
  #tell(): void {
    this.#stage = 'telling'
    const { phase } = this
    if (!PHASES_WITH_RESPONSE.has(phase)) this.#end(failed(this.#failure, { kongWaits: true }))
    // The stream part of nginx, where `preread` runs, has no such variable.
    else if (this.#options.askRequestId === true && phase !== 'preread') void this.#askRequestId().then((id) => this.#endRequest(id))
    else this.#endRequest(undefined)
  }

  #askRequestId(): Promise<string | undefined> {
    const question = new PendingCall('kong.nginx.get_var', ['kong_request_id'])
    this.#send(question)
    return question.promise.then(readRequestId, () => undefined)
  }

  #endRequest(requestId: string | undefined): void {
    const error = this.#failure
    if (this.#loss !== undefined) this.#end(failed(error, { requestId, kongWaits: false }))
    else if (this.#definition.failOpen) this.#end(failed(error, { requestId, kongWaits: true }))
    else {
      const status = failureStatus(this.phase, isTimeout(error))
      try {
        this.#carrier.send('kong.response.exit', failureAnswer(status))
      } catch (sendError) {
        this.#end(failed(unansweredError(this.phase, error, sendError), { requestId, kongWaits: false }))
        return
      }
      this.#end(failed(error, { requestId, answeredWith: status, kongWaits: false }))
    }
  }

  #end(outcome: PhaseOutcome): void {
    this.#stage = 'over'
    clearTimeout(this.#deadline)
    this.#refuseWaiting()
    if (this.#abortController !== undefined) this.#abort()
    this.#carrier.ended(outcome)
  }

  #abort(): void {
    this.#abortController?.abort(isTimeout(this.#failure) ? this.#failure : this.#phaseOver())
  }

  /** @returns whether the call was sent. When its arguments cannot be sent, only this call fails. */
  #send(call: PendingCall): boolean {
    // Set for a final call, too: reading its arguments may run getters that make other calls, which have to wait.
    this.#current = call
    try {
      this.#carrier.send(call.method, call.args)
    } catch (error) {
      this.#current = undefined
      this.#reject(call, error)
      return false
    }
    if (!FINAL_METHODS.has(call.method)) return true
    this.#current = undefined
    this.#exited = true
    this.#refuseWaiting()
    call.resolve(undefined)
    return true
  }

  /** A loop and not a recursion: thousands of calls in a row may be impossible to send. */
  #sendNext(): void {
    for (let next = this.#waiting?.shift(); next !== undefined; next = this.#waiting?.shift()) if (this.#send(next)) return
  }

  #refuseWaiting(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) for (const call of waiting) this.#refuse(call)
  }

  /** Calls after an exit, and those of a lost event, are not worth a log line. A call after the end of the phase is a mistake in the plugin. */
  #refuse(call: PendingCall): void {
    if (this.#loss !== undefined) call.rejectQuietly(this.#loss)
    else if (this.#exited) call.rejectQuietly(new ResponseExit())
    else this.#reject(call, this.#phaseOver())
  }

  #reject(call: PendingCall, error: unknown): void {
    this.#rejected(call.method, call.promise, error)
    call.reject(error)
  }

  #rejected(method: string, promise: Promise<unknown>, error: unknown): void {
    this.#carrier.rejected?.(promise, error)
    if (FINAL_METHODS.has(method)) this.#failedExit ??= { error }
  }

  #isLate(): boolean {
    const { timeout } = this.#definition
    return timeout > 0 && now() - this.#began > timeout
  }

  #timeoutError(): PhaseTimeoutError {
    return new PhaseTimeoutError(this.#plugin, this.phase, this.#definition.timeout)
  }

  #phaseOver(): KongTsError {
    return new KongTsError(
      'ERR_PDK_CALL',
      `the ${this.phase} phase of this request is over: await PDK calls inside the handler, and start no work that outlives it`,
    )
  }
}

function callHandler({ plugin, ambientPdk }: PluginInstance, { handler }: PhaseDefinition, kong: PDK): unknown {
  const handle = (plugin as Readonly<Record<PropertyKey, (kong: PDK) => unknown>>)[handler] as (kong: PDK) => unknown
  return ambientPdk === undefined ? handle.call(plugin, kong) : ambientPdk.run(kong, () => handle.call(plugin, kong))
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

function isTimeout(error: unknown): boolean {
  return error instanceof KongTsError && error.code === 'ERR_PHASE_TIMEOUT'
}

/** Kongs before 3.5 have no such variable and answer nil. Anything that does not look like an id must not get into a log line. */
function readRequestId(answer: unknown): string | undefined {
  return typeof answer === 'string' && /^[\w-]{1,64}$/.test(answer) ? answer : undefined
}

function unansweredError(phase: Phase, failure: unknown, sendError: unknown): KongTsError {
  return new KongTsError(
    'ERR_PDK_CALL',
    `the ${phase} handler failed, and the request could not be ended because of ${String(sendError)}: report this as a bug of kong-ts`,
    { cause: failure },
  )
}
