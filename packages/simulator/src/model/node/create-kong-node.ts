import { randomUUID } from 'node:crypto'
import type { KongNode, KongSettings } from './kong-node.js'

/** Kong's defaults for what a plugin can notice. */
const DEFAULT_SETTINGS: KongSettings = {
  trustedIps: [],
  realIpHeader: 'X-Real-IP',
  realIpRecursive: false,
  clientBodyBufferSize: 8192,
  clientMaxBodySize: 0,
  logLevel: 'notice',
  hostPorts: new Map(),
  headers: new Set(['server', 'via', 'x-kong-proxy-latency', 'x-kong-response-latency', 'x-kong-upstream-latency', 'x-kong-request-id']),
  headersUpstream: new Set(['x-kong-request-id']),
  luaMaxReqHeaders: 100,
  luaMaxRespHeaders: 100,
  luaMaxUriArgs: 100,
  luaMaxPostArgs: 100,
}

/** What a node is made of; everything has Kong's default. */
export interface KongNodeOptions extends Partial<Omit<KongNode, 'settings'>> {
  readonly settings?: Partial<KongSettings>
}

/** Makes a Kong 3.9.1 node with Kong's default settings and no entities. */
export function createKongNode(options: KongNodeOptions = {}): KongNode {
  return {
    version: '3.9.1',
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
