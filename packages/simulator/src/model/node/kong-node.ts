import { randomUUID } from 'node:crypto'
import type { LuaTable } from '@kong-ts/schema/lua'
import { DEFAULT_SETTINGS, type KongSettings } from './kong-settings.js'
import type { KongUpstream } from './kong-upstream.js'

/** The version of Kong that is simulated. */
export const KONG_VERSION = '3.9.1'

/** An entity of the declarative config as Kong's Lua code holds it: defaults filled in, null fields absent. */
export type KongEntity = LuaTable

/** One Kong node: everything that is the same for all requests. */
export interface KongNode {
  readonly version: string
  /** Milliseconds since the epoch. A test may supply its own clock. */
  now(): number
  /** A new id of 32 hexadecimal digits. */
  newRequestId(): string
  readonly settings: KongSettings
  readonly nodeId: string
  readonly hostname: string
  readonly workspaceId: string
  /** The folder that Kong calls its prefix. */
  readonly prefix: string
  /** The environment variables that the `env` vault reads. */
  readonly env: ReadonlyMap<string, string>
  /** Vault entities by prefix. */
  readonly vaults: ReadonlyMap<string, KongEntity>
  readonly upstreams: ReadonlyMap<string, KongUpstream>
  readonly consumers: readonly KongEntity[]
  /** Credentials by kind: `keyauth_credentials`, `basicauth_credentials`. */
  readonly credentials: ReadonlyMap<string, readonly KongEntity[]>
}

/** The parts of a node that differ from the defaults. */
export interface KongNodeOptions extends Partial<Omit<KongNode, 'settings'>> {
  readonly settings?: Partial<KongSettings>
}

/** Creates a node of {@link KONG_VERSION} with Kong's default settings and without entities. */
export function createKongNode(options: KongNodeOptions = {}): KongNode {
  return {
    version: KONG_VERSION,
    now: () => Date.now(),
    newRequestId: () => randomUUID().replaceAll('-', ''),
    nodeId: randomUUID(),
    hostname: 'localhost',
    workspaceId: randomUUID(),
    prefix: '/usr/local/kong',
    env: new Map(),
    vaults: new Map(),
    upstreams: new Map(),
    consumers: [],
    credentials: new Map(),
    ...options,
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
  }
}
