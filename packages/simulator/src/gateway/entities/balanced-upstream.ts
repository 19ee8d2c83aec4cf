import {
  ConsistentHashingUpstream,
  type HashSource,
  type KongUpstream,
  RoundRobinUpstream,
  type UpstreamTarget,
} from '../../model/index.js'
import { GatewayConfigError } from '../report/gateway-report.js'
import type { DeclaredEntity } from './entity-kinds.js'

/** In Kong, the last two consider how fast the targets answer. Here, targets take turns. */
const TAKES_TURNS = new Set(['round-robin', 'least-connections', 'latency'])

/**
 * Makes an upstream of the declarative config with its targets.
 * @throws GatewayConfigError for an algorithm, or something to hash by, that Kong does not know.
 */
export function balancedUpstream(entity: DeclaredEntity, targets: readonly UpstreamTarget[], file: string): KongUpstream {
  const { fields, path } = entity
  const name = String(fields['name'])
  const hostHeader = textOf(fields['host_header'])
  const algorithm = textOf(fields['algorithm']) ?? 'round-robin'
  if (algorithm === 'consistent-hashing') return new ConsistentHashingUpstream(name, targets, hashSources(entity, file), hostHeader)
  if (TAKES_TURNS.has(algorithm)) return new RoundRobinUpstream(name, targets, hostHeader)
  throw new GatewayConfigError(
    `${file}: ${path}.algorithm "${algorithm}" is unknown; write round-robin, consistent-hashing, least-connections or latency`,
  )
}

/** The warning for an algorithm that is not simulated. */
export function balancerWarning({ fields, path }: DeclaredEntity, file: string): string | undefined {
  const algorithm = fields['algorithm']
  if (algorithm !== 'least-connections' && algorithm !== 'latency') return undefined
  return `${file}: ${path}.algorithm ${algorithm}: targets take turns here, by their weights`
}

function hashSources(entity: DeclaredEntity, file: string): readonly HashSource[] {
  return (['on', 'fallback'] as const).flatMap((which) => hashSource(entity, which, file) ?? [])
}

function hashSource({ fields, path }: DeclaredEntity, which: 'on' | 'fallback', file: string): HashSource | undefined {
  const on = textOf(fields[`hash_${which}`]) ?? 'none'
  switch (on) {
    case 'none':
      return undefined
    case 'consumer':
    case 'ip':
    case 'path':
      return { on }
    case 'header':
    case 'query_arg':
    case 'uri_capture':
      return { on, name: required(`hash_${which}_${on}`) }
    case 'cookie':
      return { on, name: required('hash_on_cookie'), path: textOf(fields['hash_on_cookie_path']) ?? '/' }
    default:
      throw new GatewayConfigError(
        `${file}: ${path}.hash_${which} "${on}" is unknown; write none, consumer, ip, header, cookie, path, query_arg or uri_capture`,
      )
  }

  function required(field: string): string {
    const name = textOf(fields[field])
    if (name !== undefined) return name
    throw new GatewayConfigError(`${file}: ${path}.${field} is missing, which hash_${which}: ${on} needs; add it`)
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
