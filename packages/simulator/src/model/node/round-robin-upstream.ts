import type { KongUpstream } from './kong-node.js'

/** One target of an upstream. Weight 0 takes it out. */
export interface UpstreamTarget {
  readonly host: string
  readonly port: number
  readonly weight: number
}

/** An upstream whose targets take turns, each as often as its weight says (smooth weighted round robin). */
export class RoundRobinUpstream implements KongUpstream {
  readonly hashSources = []
  private readonly turns: { readonly target: UpstreamTarget; credit: number }[]

  constructor(
    readonly name: string,
    targets: readonly UpstreamTarget[],
    readonly hostHeader: string | undefined = undefined,
  ) {
    this.turns = targets.filter(({ weight }) => weight > 0).map((target) => ({ target, credit: 0 }))
  }

  next(tried: readonly { readonly host: string; readonly port: number }[]): UpstreamTarget | undefined {
    const fresh = this.turns.filter(({ target }) => !tried.some(({ host, port }) => host === target.host && port === target.port))
    const choices = fresh.length > 0 ? fresh : this.turns
    const total = choices.reduce((sum, { target }) => sum + target.weight, 0)
    for (const turn of choices) turn.credit += turn.target.weight
    const [first, ...others] = choices
    if (!first) return undefined
    const chosen = others.reduce((best, turn) => (turn.credit > best.credit ? turn : best), first)
    chosen.credit -= total
    return chosen.target
  }
}
