import type { MemoryStats, NginxStatistics } from '../values/entities.js'
import { packArguments } from '../call/lua-arguments.js'
import { asMap } from '../values/http-values.js'
import { CHANNEL, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

// The namespaces about Kong itself: kong.node, kong.cluster, kong.ip, kong.plugin and kong.nginx.

const METHODS = PDK_METHODS.node

/** Unit of memory sizes: bytes, KiB, MiB or GiB, as a small or a capital letter. */
export type MemoryUnit = 'b' | 'k' | 'm' | 'g' | 'B' | 'K' | 'M' | 'G'

/** `kong.node`: the Kong node that handles the request. */
export class Node extends PdkNamespace {
  /**
   * Gives the id of the node.
   *
   * @returns a uuid
   * @kong kong.node.get_id (certificate, rewrite, access, response, preread, log)
   */
  getId(): Promise<string> {
    return this[CHANNEL].send(METHODS.getId, [])
  }

  /**
   * Gives the memory that the node uses, in bytes.
   *
   * @param unit `b`, or nothing
   * @kong kong.node.get_memory_stats (certificate, rewrite, access, response, preread, log)
   */
  getMemoryStats(unit?: 'b' | 'B'): Promise<MemoryStats<number>>
  /**
   * Gives the memory that the node uses, as texts such as `5.24 MiB`.
   *
   * @param unit unit of the sizes: `k`, `m` or `g` for KiB, MiB or GiB, in either case
   * @param scale digits after the decimal point, 2 when not given
   * @kong kong.node.get_memory_stats (certificate, rewrite, access, response, preread, log)
   */
  getMemoryStats(unit: Exclude<MemoryUnit, 'b' | 'B'>, scale?: number): Promise<MemoryStats<string>>
  getMemoryStats(unit?: MemoryUnit, scale?: number): Promise<MemoryStats> {
    return this[CHANNEL].send<SentMemoryStats | undefined>(METHODS.getMemoryStats, packArguments([unit, scale])).then(memoryStats)
  }

  /**
   * Gives the name of the host on which the node runs.
   *
   * @returns the name, `''` when there is none
   * @kong kong.node.get_hostname (certificate, rewrite, access, response, preread, log)
   */
  getHostname(): Promise<string> {
    return this[CHANNEL].send(METHODS.getHostname, [])
  }
}

/** `kong.cluster`: the Kong nodes that share one database. */
export class Cluster extends PdkNamespace {
  /**
   * Gives the id of the cluster.
   *
   * @returns a uuid, `undefined` when there is none, as in DB-less mode
   * @kong kong.cluster.get_id (certificate, rewrite, access, response, preread, log)
   */
  getId(): Promise<string | undefined> {
    return this[CHANNEL].send(PDK_METHODS.cluster.getId, [])
  }
}

/** `kong.ip`: the addresses that Kong trusts. */
export class Ip extends PdkNamespace {
  /**
   * Tells whether an address is in `trusted_ips` of kong.conf. Kong believes the forwarding headers of such a peer.
   *
   * @param address an IPv4 or IPv6 address
   * @kong kong.ip.is_trusted (certificate, rewrite, access, response, preread, log)
   */
  isTrusted(address: string): Promise<boolean> {
    return this[CHANNEL].send(PDK_METHODS.ip.isTrusted, [address])
  }
}

/** `kong.plugin`: the plugin configuration that runs. */
export class PluginNamespace extends PdkNamespace {
  /**
   * Gives the id of the plugin entity in Kong. Kong 3.3 and newer.
   *
   * @returns a uuid, `undefined` when Kong does not know it
   * @kong kong.plugin.get_id (certificate, rewrite, access, response, preread, log)
   */
  getId(): Promise<string | undefined> {
    return this[CHANNEL].send(PDK_METHODS.plugin.getId, [])
  }
}

type WorkerStats = MemoryStats['workers_lua_vms'][number]

/** When Kong cannot read a worker, it adds an error text to the list of workers, which then arrives as a map. */
interface SentMemoryStats {
  readonly lua_shared_dicts: MemoryStats['lua_shared_dicts'] | readonly []
  readonly workers_lua_vms: readonly WorkerStats[] | Readonly<Record<string, WorkerStats | string>>
}

function memoryStats(sent: SentMemoryStats | undefined): MemoryStats {
  const workers: readonly (WorkerStats | string)[] = Object.values(sent?.workers_lua_vms ?? [])
  return { lua_shared_dicts: asMap(sent?.lua_shared_dicts), workers_lua_vms: workers.filter((worker) => typeof worker !== 'string') }
}

const NGINX_METHODS = PDK_METHODS.nginx

/** `kong.nginx`: the nginx that Kong runs in. */
export class Nginx extends PdkNamespace {
  /**
   * Tells which subsystem of nginx runs the plugin.
   *
   * @returns `http`, or `stream` for TCP, TLS and UDP
   * @kong kong.nginx.get_subsystem (certificate, rewrite, access, response, preread, log)
   */
  getSubsystem(): Promise<'http' | 'stream'> {
    return this[CHANNEL].send(NGINX_METHODS.getSubsystem, [])
  }

  /**
   * Gives the counters of connections and requests. Kong 3.0 and newer.
   *
   * @kong kong.nginx.get_statistics (certificate, rewrite, access, response, preread, log)
   */
  getStatistics(): Promise<NginxStatistics> {
    return this[CHANNEL].send(NGINX_METHODS.getStatistics, [])
  }

  /**
   * Gives a variable of nginx.
   *
   * @param name the name without `$`, for example `request_id`, or the number of a capture
   * @returns the value as text, `undefined` when there is no such variable or it is not set
   * @kong kong.nginx.get_var (rewrite, access, response, preread)
   */
  getVar(name: string | number): Promise<string | undefined> {
    return this[CHANNEL].send(NGINX_METHODS.getVar, [name])
  }

  /**
   * Gives the TLS version of the connection to the client.
   *
   * @returns for example `TLSv1.3`; `undefined` without TLS, and always in `log`
   * @kong kong.nginx.get_tls1_version_str (certificate, rewrite, access, response, preread, log)
   */
  getTls1VersionStr(): Promise<string | undefined> {
    return this[CHANNEL].send(NGINX_METHODS.getTls1VersionStr, [])
  }

  /**
   * Reads a field of `ngx.ctx`, in which Kong keeps its own data about the request. Its fields differ between versions of Kong. For data of
   * plugins use `kong.ctx.shared`.
   *
   * @param k the name of the field
   * @returns the value, `undefined` when it is not set
   * @kong kong.nginx.get_ctx (certificate, rewrite, access, response, preread, log)
   */
  getCtx(k: string): Promise<unknown> {
    return this[CHANNEL].send(NGINX_METHODS.getCtx, [k])
  }

  /**
   * Writes a field of `ngx.ctx`. Kong does not check it, so a wrong value can break the request. In `log` it is written to a copy.
   *
   * @param k the name of the field
   * @param v plain data; `undefined` and `null` remove the field
   * @kong kong.nginx.set_ctx (certificate, rewrite, access, response, preread, log)
   */
  setCtx(k: string, v?: unknown): Promise<void> {
    return this[CHANNEL].send(NGINX_METHODS.setCtx, packArguments([k, v]))
  }

  /**
   * Gives the time at which nginx received the request.
   *
   * @returns seconds since the epoch, with milliseconds after the decimal point; `undefined` in stream
   * @kong kong.nginx.req_start_time (certificate, rewrite, access, response, preread, log)
   */
  reqStartTime(): Promise<number | undefined> {
    return this[CHANNEL].send(NGINX_METHODS.reqStartTime, [])
  }
}
