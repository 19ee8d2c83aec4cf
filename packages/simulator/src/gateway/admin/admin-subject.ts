import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { createDeclarativeConfig } from '../entities/declarative-config.js'
import type { DeclaredEntity } from '../entities/entity-kinds.js'
import { isRecord, type JsonRecord } from '../entities/json-record.js'
import type { ServedPlugin } from '../plugin-server/plugin-info.js'
import type { ProxyServer } from '../proxy/proxy-server.js'
import { GatewayConfigError } from '../report/gateway-errors.js'
import { KONG_VERSION } from '../settings/kong-settings.js'
import type { AdminSubject } from './admin-server.js'

/** What the Admin API shows and changes of a running proxy. */
export function createAdminSubject(proxy: ProxyServer, served: () => ReadonlyMap<string, ServedPlugin>, nodeId: string): AdminSubject {
  return {
    useConfig(document) {
      if (!isRecord(document)) throw new GatewayConfigError('POST /config: is not a map of entities; begin with _format_version: "3.0"')
      proxy.use(createDeclarativeConfig(document, 'POST /config', Math.floor(Date.now() / 1000)))
    },
    information: () => ({
      version: KONG_VERSION,
      tagline: 'Welcome to kong',
      hostname: hostname(),
      node_id: nodeId,
      plugins: {
        available_on_server: Object.fromEntries(
          [...served().values()].map(({ info }) => [info.name, { version: info.version, priority: info.priority }]),
        ),
        enabled_in_cluster: [
          ...new Set(proxy.entities.filter(({ kind }) => kind === 'plugins').map(({ fields }) => String(fields['name']))),
        ],
      },
      configuration: { database: 'off', role: 'traditional' },
    }),
    status: () => ({
      database: { reachable: true },
      configuration_hash: createHash('md5')
        .update(JSON.stringify(proxy.entities.map(({ kind, fields }) => [kind, withoutTimes(fields)])))
        .digest('hex'),
      server: { connections_active: proxy.connectionCount, total_requests: proxy.requestCount },
    }),
    entities: () => byKind(proxy.entities),
  }
}

function byKind(entities: readonly DeclaredEntity[]): ReadonlyMap<string, ReadonlyMap<string, JsonRecord>> {
  const kinds = new Map<string, Map<string, JsonRecord>>(
    ['services', 'routes', 'plugins', 'consumers', 'upstreams'].map((kind) => [kind, new Map()]),
  )
  for (const { kind, id, fields } of entities) {
    const list = kinds.get(kind) ?? new Map<string, JsonRecord>()
    kinds.set(kind, list.set(id, fields))
  }
  return kinds
}

function withoutTimes({ created_at: _created, updated_at: _updated, ...rest }: JsonRecord): JsonRecord {
  return rest
}
