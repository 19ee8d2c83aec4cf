import type { KongProtocol, PluginOptions } from '../declaration/plugin-options.js'
import type { Phase } from '../phase/phase.js'
import type { TopLevelFields } from './plugin-definition.js'
import type { KongField } from '@kong-ts/schema'

const HTTP_PROTOCOLS: readonly KongProtocol[] = ['grpc', 'grpcs', 'http', 'https']
const STREAM_PROTOCOLS: readonly KongProtocol[] = ['tcp', 'tls', 'tls_passthrough', 'udp']

/**
 * The fields of the plugin entity that a plugin restricts: `protocols`, and `consumer`, `route`, `service` pinned to null.
 *
 * Kong's own default for protocols is the HTTP family, so a plugin that only works in the stream subsystem must say so.
 */
export function buildTopLevelFields(options: PluginOptions, phases: readonly Phase[]): TopLevelFields {
  const protocols = options.protocols ?? defaultProtocols(phases)
  return [
    { protocols: { type: 'set', required: true, default: protocols, elements: { type: 'string', one_of: protocols } } },
    ...(options.noConsumer ? [{ consumer: pinnedToNull('consumers') }] : []),
    ...(options.noRoute ? [{ route: pinnedToNull('routes') }] : []),
    ...(options.noService ? [{ service: pinnedToNull('services') }] : []),
  ]
}

function defaultProtocols(phases: readonly Phase[]): readonly KongProtocol[] {
  const http = phases.some((phase) => phase === 'rewrite' || phase === 'access' || phase === 'response')
  const stream = phases.includes('preread')
  return [...(http || !stream ? HTTP_PROTOCOLS : []), ...(stream ? STREAM_PROTOCOLS : [])]
}

/** Kong reads `eq: null` on these as `no_consumer`, `no_route`, `no_service`. */
function pinnedToNull(reference: string): KongField {
  return { type: 'foreign', reference, eq: null }
}
