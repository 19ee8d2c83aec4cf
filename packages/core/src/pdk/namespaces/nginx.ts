import type { NginxStatistics } from '../values/entities.js'
import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS.nginx

/** `kong.nginx`: the nginx under Kong. */
export class Nginx extends PdkNamespace {
  /**
   * Tells which subsystem of nginx runs the plugin.
   *
   * @kong kong.nginx.get_subsystem (certificate, rewrite, access, response, preread, log)
   */
  getSubsystem(): Promise<'http' | 'stream'> {
    return this[CHANNEL].send(METHODS.getSubsystem, [])
  }

  /**
   * Gives nginx's connection and request counters. Kong 3.0 and newer.
   *
   * @kong kong.nginx.get_statistics (certificate, rewrite, access, response, preread, log)
   */
  getStatistics(): Promise<NginxStatistics> {
    return this[CHANNEL].send(METHODS.getStatistics, [])
  }

  /**
   * Gives a variable of nginx.
   *
   * @param name its name without `$`, for example `request_id`, or the number of a capture
   * @returns its value as text, `undefined` when it is unknown or not set
   * @kong kong.nginx.get_var (rewrite, access, response, preread)
   */
  getVar(name: string | number): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getVar, [name])
  }

  /**
   * Gives the TLS version of the client's connection, for example `TLSv1.3`; `undefined` without TLS and in `log`.
   *
   * @kong kong.nginx.get_tls1_version_str (certificate, rewrite, access, response, preread, log)
   */
  getTls1VersionStr(): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getTls1VersionStr, [])
  }

  /**
   * Reads a field of `ngx.ctx`, Kong's own data about the request. Names inside differ between versions of Kong; `kong.ctx.shared` is the
   * place for plugins.
   *
   * @param k the field's name
   * @returns its value, `undefined` when it is not set
   * @kong kong.nginx.get_ctx (certificate, rewrite, access, response, preread, log)
   */
  getCtx(k: string): Promise<unknown> {
    return this[CHANNEL].send(METHODS.getCtx, [k])
  }

  /**
   * Writes a field of `ngx.ctx`, without any check: it can break Kong's handling of the request. In `log` it writes to a copy.
   *
   * @param k the field's name
   * @param v plain data; nothing removes the field
   * @kong kong.nginx.set_ctx (certificate, rewrite, access, response, preread, log)
   */
  setCtx(k: string, v?: unknown): Promise<void> {
    return this[CHANNEL].send(METHODS.setCtx, packArguments([k, v]))
  }

  /**
   * Gives the time at which the request came, in seconds since the epoch with milliseconds; `undefined` in stream.
   *
   * @kong kong.nginx.req_start_time (certificate, rewrite, access, response, preread, log)
   */
  reqStartTime(): Promise<number | undefined> {
    return this[CHANNEL].send(METHODS.reqStartTime, [])
  }
}
