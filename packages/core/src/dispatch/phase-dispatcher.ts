import type { PhaseDefinition } from '../definition/plugin-definition.js'
import { PHASES_WITH_RESPONSE } from '../definition/phase.js'
import { PhaseTimeoutError } from '../errors/phase-timeout-error.js'
import { PDK } from '../pdk/pdk.js'
import { PHASE_OVER, type EventCalls } from './event-calls.js'
import { EventScope } from './event-scope.js'
import { EXITED, FINISHED, LOST, type PhaseOutcome } from './phase-outcome.js'
import type { PluginInstance } from './plugin-instance.js'
import { ResponseExit } from './response-exit.js'

type Handler = (kong: PDK) => unknown

/**
 * Runs the handler of one phase for one request, and whatever has to follow: un-awaited calls are sent before the phase ends, a failure is
 * answered with 500 and a passed deadline with 504 before Kong hears anything else, unless the phase fails open.
 *
 * Never rejects: the outcome tells what became of the event.
 */
export async function dispatchPhase(instance: PluginInstance, phase: PhaseDefinition, calls: EventCalls): Promise<PhaseOutcome> {
  const scope = new EventScope(phase.phase)
  const outcome = await runHandler(instance, phase, calls, scope)
  scope.end(PHASE_OVER[phase.phase])
  return outcome
}

async function runHandler(instance: PluginInstance, phase: PhaseDefinition, calls: EventCalls, scope: EventScope): Promise<PhaseOutcome> {
  const kong = new PDK(calls.call, scope)
  const { plugin, ambientPdk } = instance
  const handler = Reflect.get(plugin, phase.handler) as Handler
  try {
    const running = ambientPdk === undefined ? handler.call(plugin, kong) : ambientPdk.run(kong, () => handler.call(plugin, kong))
    if (isThenable(running)) await withinDeadline(running, instance, phase)
    const draining = calls.drain()
    if (draining !== undefined) await draining
    if (calls.exited) return EXITED
    if (calls.lost) return LOST
    calls.end(PHASE_OVER[phase.phase])
    return FINISHED
  } catch (error) {
    if (error instanceof PhaseTimeoutError) scope.end(() => error)
    return await failed(error, phase, calls)
  }
}

async function failed(error: unknown, { phase, failOpen }: PhaseDefinition, calls: EventCalls): Promise<PhaseOutcome> {
  if (calls.exited && error instanceof ResponseExit) return EXITED
  if (!calls.exited) {
    calls.end(PHASE_OVER[phase])
    await calls.drain()
  }
  if (calls.lost) return LOST
  if (calls.exited) return { kind: 'failed', error, answeredWith: undefined, kongWaits: false }
  if (failOpen || !PHASES_WITH_RESPONSE.has(phase)) return { kind: 'failed', error, answeredWith: undefined, kongWaits: true }
  const status = error instanceof PhaseTimeoutError ? 504 : 500
  calls.sendFinal('kong.response.exit', [status, BODIES[status], JSON_HEADERS])
  return { kind: 'failed', error, answeredWith: status, kongWaits: false }
}

/** What Kong itself tells a client when a plugin raises; nothing of the error leaves the server. */
const BODIES = {
  500: '{"message":"An unexpected error occurred"}',
  504: '{"message":"The request took too long"}',
} as const
const JSON_HEADERS = Object.freeze({ 'content-type': 'application/json; charset=utf-8' })

function withinDeadline(running: PromiseLike<unknown>, { definition }: PluginInstance, { phase, timeout }: PhaseDefinition): PromiseLike<unknown> {
  if (timeout === 0) return running
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new PhaseTimeoutError(definition.name, phase, timeout)), timeout)
    running.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
