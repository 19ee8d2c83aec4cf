import type { KongUpstream } from './kong-node.js'

type Target = KongUpstream['targets'][number]

/** Chooses targets of upstreams by smooth weighted round robin; remembers whose turn it is. Weight 0 takes a target out. */
export class UpstreamBalancer {
  private readonly turns = new Map<KongUpstream, { readonly target: Target; credit: number }[]>()

  /** The next target, one that was not tried yet if there is any; undefined when the upstream has none. */
  next(upstream: KongUpstream, tried: readonly { readonly host: string; readonly port: number }[]): Target | undefined {
    const all = this.turnsOf(upstream)
    const fresh = all.filter(({ target }) => !tried.some(({ host, port }) => host === target.host && port === target.port))
    const choices = fresh.length > 0 ? fresh : all
    for (const turn of choices) turn.credit += turn.target.weight
    const [first, ...others] = choices
    if (!first) return undefined
    const chosen = others.reduce((best, turn) => (turn.credit > best.credit ? turn : best), first)
    chosen.credit -= choices.reduce((sum, { target }) => sum + target.weight, 0)
    return chosen.target
  }

  private turnsOf(upstream: KongUpstream): { readonly target: Target; credit: number }[] {
    const present = this.turns.get(upstream)
    if (present) return present
    const turns = upstream.targets.filter(({ weight }) => weight > 0).map((target) => ({ target, credit: 0 }))
    this.turns.set(upstream, turns)
    return turns
  }
}
