import type { JsonRecord } from './json-record.js'

/** One entity of a declarative config with its id, references as `{ id }`, defaults and time stamps. */
export interface DeclaredEntity {
  readonly kind: EntityKindName
  readonly id: string
  /** Its place in the config, such as `services[0].routes[1]`. */
  readonly path: string
  readonly fields: JsonRecord
}

/** The type of an entity's field. `strings`: an array of strings; `object`: any map; `reference`: another entity by id or name. */
export type FieldType = 'string' | 'integer' | 'boolean' | 'strings' | 'object' | 'array' | 'reference'

/** One kind of entity of a declarative config. */
export interface EntityKind {
  readonly fields: Readonly<Record<string, FieldType>>
  /** Keys that hold nested entities, with the kind of these. */
  readonly nested: Readonly<Record<string, EntityKindName>>
  readonly defaults: Readonly<Record<string, unknown>>
  readonly required: readonly string[]
  /** Fields each of which identifies the entity in references and in generated ids. */
  readonly keys: readonly string[]
  /** The time stamps and the workspace id that Kong adds. */
  readonly stamps: readonly ('created_at' | 'updated_at' | 'ws_id')[]
}

export type EntityKindName =
  | 'services'
  | 'routes'
  | 'plugins'
  | 'consumers'
  | 'upstreams'
  | 'targets'
  | 'vaults'
  | 'certificates'
  | 'snis'
  | 'keyauth_credentials'
  | 'basicauth_credentials'
  | 'acls'

const COMMON = { id: 'string', tags: 'strings', created_at: 'integer', updated_at: 'integer', ws_id: 'string' } as const
const ALL_STAMPS = ['created_at', 'updated_at', 'ws_id'] as const

/** The kinds of entities that this gateway reads, by Kong's names. */
export const ENTITY_KINDS: Readonly<Record<EntityKindName, EntityKind>> = {
  services: {
    fields: {
      ...COMMON,
      name: 'string',
      url: 'string',
      protocol: 'string',
      host: 'string',
      port: 'integer',
      path: 'string',
      retries: 'integer',
      connect_timeout: 'integer',
      write_timeout: 'integer',
      read_timeout: 'integer',
      enabled: 'boolean',
      tls_verify: 'boolean',
      tls_verify_depth: 'integer',
      client_certificate: 'reference',
      ca_certificates: 'strings',
    },
    nested: { routes: 'routes', plugins: 'plugins' },
    defaults: {
      protocol: 'http',
      port: 80,
      retries: 5,
      connect_timeout: 60_000,
      write_timeout: 60_000,
      read_timeout: 60_000,
      enabled: true,
    },
    required: [],
    keys: ['name'],
    stamps: ALL_STAMPS,
  },
  routes: {
    fields: {
      ...COMMON,
      name: 'string',
      protocols: 'strings',
      methods: 'strings',
      hosts: 'strings',
      paths: 'strings',
      headers: 'object',
      snis: 'strings',
      sources: 'array',
      destinations: 'array',
      strip_path: 'boolean',
      preserve_host: 'boolean',
      regex_priority: 'integer',
      path_handling: 'string',
      https_redirect_status_code: 'integer',
      request_buffering: 'boolean',
      response_buffering: 'boolean',
      service: 'reference',
    },
    nested: { plugins: 'plugins' },
    defaults: {
      protocols: ['http', 'https'],
      strip_path: true,
      preserve_host: false,
      regex_priority: 0,
      path_handling: 'v0',
      https_redirect_status_code: 426,
      request_buffering: true,
      response_buffering: true,
    },
    required: [],
    keys: ['name'],
    stamps: ALL_STAMPS,
  },
  plugins: {
    fields: {
      ...COMMON,
      name: 'string',
      instance_name: 'string',
      config: 'object',
      enabled: 'boolean',
      protocols: 'strings',
      service: 'reference',
      route: 'reference',
      consumer: 'reference',
      ordering: 'object',
    },
    nested: {},
    defaults: { enabled: true },
    required: ['name'],
    keys: ['instance_name'],
    stamps: ['created_at', 'updated_at'],
  },
  consumers: {
    fields: { ...COMMON, username: 'string', custom_id: 'string' },
    nested: {
      plugins: 'plugins',
      keyauth_credentials: 'keyauth_credentials',
      basicauth_credentials: 'basicauth_credentials',
      acls: 'acls',
    },
    defaults: {},
    required: [],
    keys: ['username', 'custom_id'],
    stamps: ['created_at', 'updated_at'],
  },
  upstreams: {
    fields: {
      ...COMMON,
      name: 'string',
      algorithm: 'string',
      host_header: 'string',
      slots: 'integer',
      hash_on: 'string',
      hash_fallback: 'string',
      hash_on_header: 'string',
      hash_on_cookie: 'string',
      hash_on_cookie_path: 'string',
      hash_on_query_arg: 'string',
      hash_on_uri_capture: 'string',
      hash_fallback_header: 'string',
      hash_fallback_query_arg: 'string',
      hash_fallback_uri_capture: 'string',
      healthchecks: 'object',
      use_srv_name: 'boolean',
    },
    nested: { targets: 'targets' },
    defaults: { algorithm: 'round-robin', slots: 10_000, hash_on: 'none', hash_fallback: 'none', hash_on_cookie_path: '/' },
    required: ['name'],
    keys: ['name'],
    stamps: ALL_STAMPS,
  },
  targets: {
    fields: { ...COMMON, target: 'string', weight: 'integer', upstream: 'reference' },
    nested: {},
    defaults: { weight: 100 },
    required: ['target'],
    keys: ['target'],
    stamps: ALL_STAMPS,
  },
  vaults: {
    fields: { ...COMMON, name: 'string', prefix: 'string', description: 'string', config: 'object' },
    nested: {},
    defaults: {},
    required: ['name', 'prefix'],
    keys: ['prefix'],
    stamps: ALL_STAMPS,
  },
  certificates: {
    fields: { ...COMMON, cert: 'string', key: 'string', cert_alt: 'string', key_alt: 'string' },
    nested: { snis: 'snis' },
    defaults: {},
    required: ['cert', 'key'],
    keys: [],
    stamps: ALL_STAMPS,
  },
  snis: {
    fields: { ...COMMON, name: 'string', certificate: 'reference' },
    nested: {},
    defaults: {},
    required: ['name'],
    keys: ['name'],
    stamps: ALL_STAMPS,
  },
  keyauth_credentials: {
    fields: { ...COMMON, key: 'string', ttl: 'integer', consumer: 'reference' },
    nested: {},
    defaults: {},
    required: ['key'],
    keys: ['key'],
    stamps: ['created_at'],
  },
  basicauth_credentials: {
    fields: { ...COMMON, username: 'string', password: 'string', consumer: 'reference' },
    nested: {},
    defaults: {},
    required: ['username', 'password'],
    keys: ['username'],
    stamps: ['created_at'],
  },
  acls: {
    fields: { ...COMMON, group: 'string', consumer: 'reference' },
    nested: {},
    defaults: {},
    required: ['group'],
    keys: ['group'],
    stamps: ['created_at'],
  },
}

/** The field in which a nested entity refers to its parent, by the kind of the parent. */
export const PARENT_REFERENCE: Readonly<Partial<Record<EntityKindName, string>>> = {
  services: 'service',
  routes: 'route',
  consumers: 'consumer',
  upstreams: 'upstream',
  certificates: 'certificate',
}

/** True for the name of a kind that this gateway reads. */
export function isEntityKindName(name: string): name is EntityKindName {
  return Object.hasOwn(ENTITY_KINDS, name)
}
