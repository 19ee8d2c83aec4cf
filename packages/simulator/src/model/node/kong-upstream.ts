import { createHash } from 'node:crypto'

/** A property of a request that consistent hashing can use, as `hash_on` and `hash_fallback` of an upstream name it. */
export type HashSource =
  | { readonly on: 'consumer' | 'ip' | 'path' }
  | { readonly on: 'header' | 'query_arg' | 'uri_capture'; readonly name: string }
  /** A client without the cookie is given one. */
  | { readonly on: 'cookie'; readonly name: string; readonly path: string }

/** One target of an upstream. A target of weight 0 gets no requests. */
export interface UpstreamTarget {
  readonly host: string
  readonly port: number
  readonly weight: number
}

/** The address of a target. */
type Peer = Pick<UpstreamTarget, 'host' | 'port'>

/** An upstream: its own Host header and its balancer. */
export interface KongUpstream {
  readonly name: string
  readonly hostHeader: string | undefined
  /** What requests are hashed by; the first source that a request has is used. Empty where targets take turns. */
  readonly hashSources: readonly HashSource[]
  /**
   * Chooses the target of the next attempt; undefined when there is none.
   *
   * @param tried the targets that failed in this request.
   * @param key what the request is hashed by.
   */
  next(tried: readonly Peer[], key?: string): Peer | undefined
}

/** An upstream whose targets take turns in proportion to their weights (smooth weighted round robin). */
export class RoundRobinUpstream implements KongUpstream {
  readonly hashSources = []
  readonly #turns: { readonly target: UpstreamTarget; credit: number }[]

  constructor(
    readonly name: string,
    targets: readonly UpstreamTarget[],
    readonly hostHeader: string | undefined = undefined,
  ) {
    this.#turns = targets.filter(({ weight }) => weight > 0).map((target) => ({ target, credit: 0 }))
  }

  next(tried: readonly Peer[]): UpstreamTarget | undefined {
    const fresh = this.#turns.filter(({ target }) => !includesPeer(tried, target))
    const choices = fresh.length > 0 ? fresh : this.#turns
    const total = choices.reduce((sum, { target }) => sum + target.weight, 0)
    for (const turn of choices) turn.credit += turn.target.weight
    const [first, ...others] = choices
    if (!first) return undefined
    const chosen = others.reduce((best, turn) => (turn.credit > best.credit ? turn : best), first)
    chosen.credit -= total
    return chosen.target
  }
}

/**
 * An upstream that sends requests with equal keys to the same target while that target can be reached. Kong's ring may choose another
 * target for the same key. As on Kong's ring, the choice for a key is stable and each target gets keys in proportion to its weight.
 */
export class ConsistentHashingUpstream implements KongUpstream {
  readonly #targets: readonly UpstreamTarget[]
  readonly #withoutKey: RoundRobinUpstream

  constructor(
    readonly name: string,
    targets: readonly UpstreamTarget[],
    readonly hashSources: readonly HashSource[],
    readonly hostHeader: string | undefined = undefined,
  ) {
    this.#targets = targets.filter(({ weight }) => weight > 0)
    this.#withoutKey = new RoundRobinUpstream(name, targets, hostHeader)
  }

  next(tried: readonly Peer[], key?: string): UpstreamTarget | undefined {
    if (key === undefined) return this.#withoutKey.next(tried)
    const fresh = this.#targets.filter((target) => !includesPeer(tried, target))
    const choices = fresh.length > 0 ? fresh : this.#targets
    const [first, ...others] = choices.map((target) => ({ target, score: scoreOf(target, key) }))
    return first && others.reduce((best, other) => (other.score > best.score ? other : best), first).target
  }
}

function includesPeer(peers: readonly Peer[], { host, port }: Peer): boolean {
  return peers.some((peer) => peer.host === host && peer.port === port)
}

/** Rendezvous hashing: the target with the highest score gets the key. The formula makes the shares proportional to the weights. */
function scoreOf({ host, port, weight }: UpstreamTarget, key: string): number {
  const digest = createHash('sha1').update(`${host}:${port} ${key}`).digest()
  return weight / -Math.log((digest.readUInt32BE(0) + 0.5) / 0x1_0000_0000)
}
