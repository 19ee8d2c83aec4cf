import type { MemoryStats } from '../values/entities.js'
import { packArguments } from '../call/lua-arguments.js'
import { asMap } from '../values/multi-map.js'
import { CHANNEL, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

// The namespaces about Kong itself: kong.node, kong.cluster, kong.ip and kong.plugin.

const METHODS = PDK_METHODS.node

/** Unit of memory sizes: bytes, KiB, MiB or GiB, in either case. */
export type MemoryUnit = 'b' | 'k' | 'm' | 'g' | 'B' | 'K' | 'M' | 'G'

/** `kong.node`: the node that handles the request. */
export class Node extends PdkNamespace {
  /**
   * Gives the id of the node, a uuid.
   *
   * @kong kong.node.get_id (certificate, rewrite, access, response, preread, log)
   */
  getId(): Promise<string> {
    return this[CHANNEL].send(METHODS.getId, [])
  }

  /**
   * Gives the node's memory, sizes in bytes.
   *
   * @kong kong.node.get_memory_stats (certificate, rewrite, access, response, preread, log)
   */
  getMemoryStats(unit?: 'b' | 'B'): Promise<MemoryStats<number>>
  /**
   * Gives the node's memory, sizes as text such as `5.24 MiB`.
   *
   * @param unit unit of the sizes
   * @param scale digits after the point, 2 when not given
   * @kong kong.node.get_memory_stats (certificate, rewrite, access, response, preread, log)
   */
  getMemoryStats(unit: Exclude<MemoryUnit, 'b' | 'B'>, scale?: number): Promise<MemoryStats<string>>
  getMemoryStats(unit?: MemoryUnit, scale?: number): Promise<MemoryStats> {
    return this[CHANNEL].send<SentMemoryStats | undefined>(METHODS.getMemoryStats, packArguments([unit, scale])).then(memoryStats)
  }

  /**
   * Gives the name of the host the node runs on, `''` when it has none.
   *
   * @kong kong.node.get_hostname (certificate, rewrite, access, response, preread, log)
   */
  getHostname(): Promise<string> {
    return this[CHANNEL].send(METHODS.getHostname, [])
  }
}

/** `kong.cluster`: the nodes that work together. */
export class Cluster extends PdkNamespace {
  /**
   * Gives the id that all nodes of the cluster share, `undefined` when there is none, as in DB-less mode.
   *
   * @kong kong.cluster.get_id (certificate, rewrite, access, response, preread, log)
   */
  getId(): Promise<string | undefined> {
    return this[CHANNEL].send(PDK_METHODS.cluster.getId, [])
  }
}

/** `kong.ip`: which peers Kong trusts. */
export class Ip extends PdkNamespace {
  /**
   * Tells whether an address is in Kong's `trusted_ips`, so that its forwarding headers count.
   *
   * @param address an IPv4 or IPv6 address
   * @kong kong.ip.is_trusted (certificate, rewrite, access, response, preread, log)
   */
  isTrusted(address: string): Promise<boolean> {
    return this[CHANNEL].send(PDK_METHODS.ip.isTrusted, [address])
  }
}

/** `kong.plugin`: the plugin that runs. */
export class PluginNamespace extends PdkNamespace {
  /**
   * Gives the id of the plugin configuration that runs, a uuid; `undefined` when Kong does not know it. Kong 3.3 and newer.
   *
   * @kong kong.plugin.get_id (certificate, rewrite, access, response, preread, log)
   */
  getId(): Promise<string | undefined> {
    return this[CHANNEL].send(PDK_METHODS.plugin.getId, [])
  }
}

type WorkerStats = MemoryStats['workers_lua_vms'][number]

/** Kong puts an error text into the list of workers when one could not be read, which turns the list into a map. */
interface SentMemoryStats {
  readonly lua_shared_dicts: MemoryStats['lua_shared_dicts'] | readonly []
  readonly workers_lua_vms: readonly WorkerStats[] | Readonly<Record<string, WorkerStats | string>>
}

function memoryStats(sent: SentMemoryStats | undefined): MemoryStats {
  const workers: readonly (WorkerStats | string)[] = Object.values(sent?.workers_lua_vms ?? [])
  return { lua_shared_dicts: asMap(sent?.lua_shared_dicts), workers_lua_vms: workers.filter((worker) => typeof worker !== 'string') }
}
