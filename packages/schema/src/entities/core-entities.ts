import type { EntityExtras } from '../engine/schema-compiler.js'
import { luaFromDefinition, type LuaDefinition } from '../lua/json-value.js'
import type { LuaTable } from '../lua/lua-table.js'

/** One of Kong's entities, complete enough to check foreign keys against it. */
export interface EntityDefinition {
  readonly definition: LuaTable
  readonly extras: EntityExtras
}

type Definition = { readonly [attribute: string]: LuaDefinition }
type Fields = Record<string, Definition>

const uuid: Definition = { type: 'string', uuid: true, auto: true }
const text: Definition = { type: 'string' }
const needed: Definition = { type: 'string', required: true }
const flag: Definition = { type: 'boolean' }
const neededFlag: Definition = { type: 'boolean', required: true }
const whole: Definition = { type: 'integer' }
const time: Definition = { type: 'integer', timestamp: true, auto: true }
const texts: Definition = { type: 'set', elements: { type: 'string' } }
const list: Definition = { type: 'array', elements: { type: 'string' } }
const tags: Definition = { type: 'set', elements: { type: 'string', required: true, custom_validator: 'tag' } }
const name: Definition = { type: 'string', custom_validator: 'utf8_name' }
const millis: Definition = { type: 'integer', between: [1, 2147483646] }
const port: Definition = { type: 'integer', between: [0, 65535] }
function record(fields: Fields): Definition {
  return { type: 'record', fields: listFields(fields) }
}
function foreign(reference: string): Definition {
  return { type: 'foreign', reference }
}

/** All protocols that a route or plugin can be for. */
export const PROTOCOLS: readonly string[] = ['grpc', 'grpcs', 'http', 'https', 'tcp', 'tls', 'tls_passthrough', 'udp']

const protocol: Definition = { type: 'string', one_of: [...PROTOCOLS] }

function listFields(fields: Fields): readonly LuaDefinition[] {
  return Object.entries(fields).map(([field, definition]) => ({ [field]: { ...definition } }))
}

const common: Fields = { id: uuid, created_at: time, updated_at: time, tags }

const address: Definition = {
  type: 'set',
  elements: { ...record({ ip: text, port }), entity_checks: [{ at_least_one_of: ['ip', 'port'] }] },
}

function conditionalNull(path: string): Definition {
  return {
    conditional: { if_field: 'protocol', if_match: { not_one_of: ['https', 'tls'] }, then_field: path, then_match: { eq: null } },
  }
}

const fieldsOf: Record<string, Fields> = {
  workspaces: {
    id: uuid,
    name: { ...name, required: true },
    comment: text,
    created_at: time,
    updated_at: time,
    meta: record({}),
    config: record({}),
  },
  consumers: { ...common, username: text, custom_id: text },
  certificates: { ...common, cert: needed, key: needed, cert_alt: text, key_alt: text, snis: list },
  services: {
    ...common,
    name,
    retries: { type: 'integer', between: [0, 32767] },
    protocol: { ...protocol, required: true },
    host: needed,
    port: { ...port, required: true },
    path: { type: 'string', starts_with: '/' },
    connect_timeout: millis,
    write_timeout: millis,
    read_timeout: millis,
    client_certificate: foreign('certificates'),
    tls_verify: flag,
    tls_verify_depth: { type: 'integer', between: [0, 64] },
    ca_certificates: { type: 'array', elements: { type: 'string', uuid: true } },
    enabled: neededFlag,
  },
  routes: {
    ...common,
    name,
    protocols: {
      type: 'set',
      len_min: 1,
      required: true,
      elements: protocol,
      mutually_exclusive_subsets: [['http', 'https'], ['tcp', 'tls', 'udp'], ['tls_passthrough'], ['grpc', 'grpcs']],
    },
    https_redirect_status_code: { type: 'integer', one_of: [426, 301, 302, 307, 308], required: true },
    strip_path: neededFlag,
    preserve_host: neededFlag,
    request_buffering: neededFlag,
    response_buffering: neededFlag,
    service: foreign('services'),
    snis: texts,
    sources: address,
    destinations: address,
    methods: { type: 'set', elements: { type: 'string', match: '^%u+$' } },
    hosts: list,
    paths: list,
    headers: { type: 'map', keys: { type: 'string' }, values: list },
    regex_priority: whole,
    path_handling: { type: 'string', one_of: ['v0', 'v1'] },
  },
  snis: { ...common, name: needed, certificate: { ...foreign('certificates'), required: true } },
  upstreams: {
    ...common,
    name: needed,
    algorithm: { type: 'string', one_of: ['consistent-hashing', 'least-connections', 'round-robin', 'latency'] },
    slots: { type: 'integer', between: [10, 65536] },
    host_header: text,
    client_certificate: foreign('certificates'),
    use_srv_name: flag,
    healthchecks: record({}),
    ...Object.fromEntries(
      [
        'hash_on',
        'hash_fallback',
        'hash_on_header',
        'hash_fallback_header',
        'hash_on_cookie',
        'hash_on_cookie_path',
        'hash_on_query_arg',
        'hash_fallback_query_arg',
        'hash_on_uri_capture',
        'hash_fallback_uri_capture',
      ].map((field) => [field, text]),
    ),
  },
  targets: {
    ...common,
    upstream: { ...foreign('upstreams'), required: true },
    target: needed,
    weight: { type: 'integer', between: [0, 65535] },
  },
  plugins: { ...common },
  ca_certificates: { ...common, cert: needed, cert_digest: text },
  vaults: { ...common },
  key_sets: { ...common, name: text },
  tags: { tag: text, entity_name: needed, entity_id: uuid },
  parameters: { created_at: time, key: needed, value: needed },
  clustering_data_planes: {
    id: { ...uuid, required: true },
    last_seen: time,
    updated_at: time,
    ip: needed,
    config_hash: { type: 'string', len_eq: 32 },
    hostname: needed,
    version: text,
    sync_status: needed,
    labels: { type: 'map', keys: text, values: text },
    cert_details: record({ expiry_timestamp: { type: 'number', timestamp: true } }),
    rpc_capabilities: texts,
  },
  keys: {
    ...common,
    set: foreign('key_sets'),
    name: text,
    kid: needed,
    jwk: text,
    pem: record({ private_key: text, public_key: text }),
  },
  filter_chains: {
    ...common,
    name,
    enabled: neededFlag,
    route: foreign('routes'),
    service: foreign('services'),
    filters: { type: 'array', required: true, len_min: 1, elements: record({ name: needed, config: text, enabled: neededFlag }) },
  },
}

const checksOf: Record<string, readonly LuaDefinition[]> = {
  consumers: [{ at_least_one_of: ['custom_id', 'username'] }],
  services: [
    {
      conditional: {
        if_field: 'protocol',
        if_match: { one_of: ['tcp', 'tls', 'udp', 'grpc', 'grpcs'] },
        then_field: 'path',
        then_match: { eq: null },
      },
    },
    ...['client_certificate', 'tls_verify', 'tls_verify_depth', 'ca_certificates'].map(conditionalNull),
  ],
  keys: [{ mutually_exclusive: ['jwk', 'pem'] }, { at_least_one_of: ['jwk', 'pem'] }],
  filter_chains: [{ mutually_exclusive: ['service', 'route'] }, { at_least_one_of: ['service', 'route'] }],
}

const extrasOf: Record<string, EntityExtras> = {
  tags: { primaryKey: ['tag'] },
  parameters: { primaryKey: ['key'] },
  plugins: {
    subschemaKey: 'name',
    subschemaError: (named) => `plugin '${named}' not enabled; add it to the 'plugins' configuration property`,
  },
  vaults: { subschemaKey: 'name', subschemaError: (named) => `vault '${named}' is not installed` },
}

/** Whether Kong itself has an entity of this name, without further plugins. */
export function isCoreEntity(entity: string): boolean {
  return Object.hasOwn(fieldsOf, entity)
}

/** The definition of one of Kong's own entities; undefined for every other name. */
export function coreEntity(entity: string): EntityDefinition | undefined {
  const earlier = definitions.get(entity)
  if (earlier !== undefined) return earlier
  const fields = isCoreEntity(entity) ? fieldsOf[entity] : undefined
  if (fields === undefined) return undefined
  const made = {
    definition: luaFromDefinition({ fields: listFields(fields), entity_checks: checksOf[entity] ?? [] }),
    extras: { primaryKey: ['id'], ...extrasOf[entity] },
  }
  definitions.set(entity, made)
  return made
}

const definitions = new Map<string, EntityDefinition>()
