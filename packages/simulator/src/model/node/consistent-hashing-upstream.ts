import { createHash } from 'node:crypto'
import type { HashSource } from './hash-source.js'
import type { KongUpstream } from './kong-node.js'
import { RoundRobinUpstream, type UpstreamTarget } from './round-robin-upstream.js'

/**
 * An upstream that sends what hashes alike to the same target, as long as that one can be had. Which of the targets that is differs from Kong's
 * own ring; that it stays the same, and how many keys each target gets, does not.
 */
export class ConsistentHashingUpstream implements KongUpstream {
  private readonly targets: readonly UpstreamTarget[]
  private readonly turns: RoundRobinUpstream

  constructor(
    readonly name: string,
    targets: readonly UpstreamTarget[],
    readonly hashSources: readonly HashSource[],
    readonly hostHeader: string | undefined = undefined,
  ) {
    this.targets = targets.filter(({ weight }) => weight > 0)
    this.turns = new RoundRobinUpstream(name, targets, hostHeader)
  }

  next(tried: readonly { readonly host: string; readonly port: number }[], key?: string): UpstreamTarget | undefined {
    if (key === undefined) return this.turns.next(tried)
    const fresh = this.targets.filter(({ host, port }) => !tried.some((other) => other.host === host && other.port === port))
    const choices = fresh.length > 0 ? fresh : this.targets
    const [first, ...others] = choices.map((target) => ({ target, score: scoreOf(target, key) }))
    return first && others.reduce((best, other) => (other.score > best.score ? other : best), first).target
  }
}

/** Rendezvous hashing: the target with the highest score has the key, each as often as its weight says. */
function scoreOf({ host, port, weight }: UpstreamTarget, key: string): number {
  const digest = createHash('sha1').update(`${host}:${port} ${key}`).digest()
  return weight / -Math.log((digest.readUInt32BE(0) + 0.5) / 0x1_0000_0000)
}
