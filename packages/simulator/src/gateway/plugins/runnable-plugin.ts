import type { ConnectionPhase, KongTransaction, TransactionPhase } from '../../model/index.js'
import type { EventHost, HandlerOutcome } from './external-plugin.js'
import type { RankedPlugin } from './plugin-iterator.js'

/** A request as the handlers of plugins see it. */
export interface RunningRequest {
  readonly transaction: KongTransaction
  /** What a plugin server calls; calls that read the client's body wait for it. */
  readonly host: EventHost
}

/** A plugin entry that can be run for a request. */
export interface RunnablePlugin extends RankedPlugin {
  /** Runs the handler of a phase in one of the workers. */
  run(phase: TransactionPhase, worker: number, request: RunningRequest): Promise<HandlerOutcome>
  /** The same for a connection that is no HTTP; left out by plugins that have no such handlers. */
  runForConnection?(phase: ConnectionPhase | 'log', worker: number, host: EventHost): Promise<HandlerOutcome>
}
