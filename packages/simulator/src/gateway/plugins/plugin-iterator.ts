import type { ConnectionPhase, KongTransaction, TransactionPhase } from '../../model/index.js'
import type { ConfiguredPlugin } from '../entities/declarative-config.js'
import type { EventHost, HandlerOutcome } from './external-plugin.js'

/** A plugin entity with its priority and phases. */
export interface RankedPlugin {
  readonly plugin: ConfiguredPlugin
  readonly priority: number
  readonly phases: ReadonlySet<string>
}

/** The entities that a request has matched so far, by id. */
export interface RequestScope {
  readonly route?: string
  readonly service?: string
  readonly consumer?: string
}

/** Chooses the entries that run for a request: by priority, and for each plugin only the most specific entry that matches. */
export class PluginIterator<Entry extends RankedPlugin> {
  /** The entries of each plugin. Plugins are in the order in which they run. */
  readonly #groups: readonly (readonly Entry[])[]

  constructor(entries: readonly Entry[]) {
    const byName = new Map<string, Entry[]>()
    for (const entry of entries) byName.set(entry.plugin.name, [...(byName.get(entry.plugin.name) ?? []), entry])
    this.#groups = [...byName.values()].sort(compareGroups)
  }

  /** The entries without scope that have this phase. Only they run before a route is known. */
  global(phase: string): Entry[] {
    return this.#groups.flatMap((group) => group.filter((entry) => specificity(entry) === 0 && entry.phases.has(phase)).slice(0, 1))
  }

  /**
   * The entries for a request one by one, whatever their phases. Calls `scope` before each, because a plugin that authenticates decides
   * which configuration the plugins after it have.
   */
  *collect(scope: () => RequestScope): Generator<Entry> {
    for (const group of this.#groups) {
      const now = scope()
      const fitting = group.filter((entry) => fits(entry, now))
      const [best] = fitting.sort((a, b) => specificity(b) - specificity(a))
      if (best !== undefined) yield best
    }
  }
}

function compareGroups([a]: readonly RankedPlugin[], [b]: readonly RankedPlugin[]): number {
  if (a === undefined || b === undefined) return 0
  if (a.priority !== b.priority) return b.priority - a.priority
  return a.plugin.name > b.plugin.name ? -1 : 1
}

function fits({ plugin: { scope } }: RankedPlugin, request: RequestScope): boolean {
  return (
    (scope.route === undefined || scope.route === request.route) &&
    (scope.service === undefined || scope.service === request.service) &&
    (scope.consumer === undefined || scope.consumer === request.consumer)
  )
}

/**
 * Kong's order, the most specific first: consumer with route and service, consumer with route, consumer with service, route with service,
 * consumer, route, service, none.
 */
function specificity({ plugin: { scope } }: RankedPlugin): number {
  const combination =
    (scope.consumer === undefined ? '' : 'c') + (scope.route === undefined ? '' : 'r') + (scope.service === undefined ? '' : 's')
  return ['', 's', 'r', 'c', 'rs', 'cs', 'cr', 'crs'].indexOf(combination)
}

/** A request as handlers of plugins see it. */
export interface RunningRequest {
  readonly transaction: KongTransaction
  /** Answers the calls of a plugin server. Calls that read the client's body wait for it. */
  readonly host: EventHost
}

/** A plugin entity whose handlers can be run. */
export interface RunnablePlugin extends RankedPlugin {
  /** Runs the handler of a phase for a request in one of the workers. */
  run(phase: TransactionPhase, worker: number, request: RunningRequest): Promise<HandlerOutcome>
  /** Runs it for a TLS handshake or a connection of the stream part. Missing for plugins without such handlers. */
  runForConnection?(phase: ConnectionPhase | 'log', worker: number, host: EventHost): Promise<HandlerOutcome>
}
