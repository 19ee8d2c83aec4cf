import type { PhaseDefinition } from '../definition/plugin-definition.js'
import { PHASES_WITH_RESPONSE } from '../definition/phase.js'
import { KongTsError } from '../errors/kong-ts-error.js'
import { PhaseTimeoutError } from '../errors/phase-timeout-error.js'
import { PDK } from '../pdk/pdk.js'
import { PHASE_OVER, type EventCalls } from './event-calls.js'
import { EventScope } from './event-scope.js'
import { failureAnswer } from './failure-answer.js'
import { EXITED, FINISHED, LOST, type PhaseOutcome } from './phase-outcome.js'
import type { PluginInstance } from './plugin-instance.js'
import { ResponseExit } from './response-exit.js'

type Handler = (kong: PDK) => unknown

export interface DispatchOptions {
  /** Ask Kong for its request id when a handler has failed, so that the log line can name the request. Default `false`. */
  readonly askRequestId?: boolean
}

const NO_OPTIONS: DispatchOptions = {}

/**
 * Runs the handler of one phase for one request, and whatever has to follow: un-awaited calls are sent before the phase ends, a failure is
 * answered with 500 and a passed deadline with 504 before Kong hears anything else, unless the phase fails open. A PDK call that failed
 * and that nobody awaited is only logged, unless it was to end the request: then the request does not pass.
 *
 * Never throws or rejects: the outcome tells what became of the event. A handler that had nothing to wait for has its outcome at once.
 */
export function dispatchPhase(
  instance: PluginInstance,
  phase: PhaseDefinition,
  calls: EventCalls,
  options = NO_OPTIONS,
): PhaseOutcome | Promise<PhaseOutcome> {
  const scope = new EventScope(phase.phase, calls)
  let running: unknown
  try {
    running = callHandler(instance, phase, new PDK(calls.call, scope))
  } catch (error) {
    return settle(Promise.reject(error), instance, phase, calls, scope, options)
  }
  if (isThenable(running) || calls.busy || calls.exited || calls.failedFinal !== undefined) return settle(running, instance, phase, calls, scope, options)
  calls.end(PHASE_OVER[phase.phase])
  scope.end(PHASE_OVER[phase.phase])
  return FINISHED
}

function callHandler({ plugin, ambientPdk }: PluginInstance, phase: PhaseDefinition, kong: PDK): unknown {
  const handler = (plugin as Readonly<Record<PropertyKey, Handler>>)[phase.handler] as Handler
  return ambientPdk === undefined ? handler.call(plugin, kong) : ambientPdk.run(kong, () => handler.call(plugin, kong))
}

async function settle(
  running: unknown,
  { definition }: PluginInstance,
  phase: PhaseDefinition,
  calls: EventCalls,
  scope: EventScope,
  options: DispatchOptions,
): Promise<PhaseOutcome> {
  let deadline: NodeJS.Timeout | undefined
  try {
    if (isThenable(running)) {
      await new Promise((resolve, reject) => {
        calls.onInterrupt(reject)
        const { timeout } = phase
        if (timeout > 0) deadline = setTimeout(() => reject(new PhaseTimeoutError(definition.name, phase.phase, timeout)), timeout)
        running.then(resolve, reject)
      })
    }
    const draining = calls.drain()
    if (draining !== undefined) await draining
    if (calls.exited) return EXITED
    if (calls.lost) return LOST
    if (calls.failedFinal !== undefined) return await failed(calls.failedFinal.error, phase, calls, options)
    calls.end(PHASE_OVER[phase.phase])
    return FINISHED
  } catch (error) {
    if (isTimeout(error)) scope.end(() => error)
    return await failed(error, phase, calls, options)
  } finally {
    clearTimeout(deadline)
    scope.end(PHASE_OVER[phase.phase])
  }
}

async function failed(error: unknown, { phase, failOpen }: PhaseDefinition, calls: EventCalls, { askRequestId }: DispatchOptions): Promise<PhaseOutcome> {
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

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
