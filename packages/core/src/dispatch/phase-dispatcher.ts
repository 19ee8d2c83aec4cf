import type { PhaseDefinition } from '../definition/plugin-definition.js'
import { PDK } from '../pdk/pdk.js'
import type { EventCalls } from './event-calls.js'
import { EventScope } from './event-scope.js'
import { FINISHED, type PhaseOutcome } from './phase-outcome.js'
import { PHASE_OVER } from './phase-over.js'
import { PhaseRun, isThenable, type DispatchOptions, type PhaseEnd } from './phase-run.js'
import type { PluginInstance } from './plugin-instance.js'

type Handler = (kong: PDK) => unknown

const NO_OPTIONS: DispatchOptions = {}

/**
 * Runs the handler of one phase for one request, and whatever has to follow: un-awaited calls are sent before the phase ends, a failure is
 * answered with 500 and a passed deadline with 504 before Kong hears anything else, unless the phase fails open. A PDK call that failed
 * and that nobody awaited is only logged, unless it was to end the request: then the request does not pass.
 *
 * Never throws or rejects: the outcome tells what became of the event.
 */
export function dispatchPhase(
  instance: PluginInstance,
  phase: PhaseDefinition,
  calls: EventCalls,
  options = NO_OPTIONS,
): Promise<PhaseOutcome> {
  return new Promise((resolve) => {
    runPhase(instance, phase, calls, { phaseEnded: resolve }, options)
  })
}

/** Does what `dispatchPhase` does, for a server that has an object for each event: a handler that had nothing to wait for has ended when this returns. */
export function runPhase(instance: PluginInstance, phase: PhaseDefinition, calls: EventCalls, end: PhaseEnd, options = NO_OPTIONS): void {
  const scope = new EventScope(phase.phase, calls)
  let running: PromiseLike<unknown> | undefined
  try {
    const returned = callHandler(instance, phase, new PDK(calls.call, scope))
    running = isThenable(returned) ? returned : undefined
  } catch (error) {
    new PhaseRun(instance.definition, phase, calls, scope, end, options).fail(error)
    return
  }
  if (running !== undefined) new PhaseRun(instance.definition, phase, calls, scope, end, options).await(running)
  else if (calls.busy || calls.exited || calls.failedFinal !== undefined)
    new PhaseRun(instance.definition, phase, calls, scope, end, options).finish()
  else {
    calls.end(PHASE_OVER[phase.phase])
    scope.end(PHASE_OVER[phase.phase])
    end.phaseEnded(FINISHED)
  }
}

function callHandler({ plugin, ambientPdk }: PluginInstance, phase: PhaseDefinition, kong: PDK): unknown {
  const handler = (plugin as Readonly<Record<PropertyKey, Handler>>)[phase.handler] as Handler
  return ambientPdk === undefined ? handler.call(plugin, kong) : ambientPdk.run(kong, () => handler.call(plugin, kong))
}
