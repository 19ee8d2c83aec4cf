import type { NginxStatistics } from '../values/entities.js'
import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS.nginx

/** `kong.nginx`: the nginx that Kong runs in. */
export class Nginx extends PdkNamespace {
  /**
   * Tells which subsystem of nginx runs the plugin.
   *
   * @returns `http`, or `stream` for TCP, TLS and UDP
   * @kong kong.nginx.get_subsystem (certificate, rewrite, access, response, preread, log)
   */
  getSubsystem(): Promise<'http' | 'stream'> {
    return this[CHANNEL].send(METHODS.getSubsystem, [])
  }

  /**
   * Gives the counters of connections and requests. Kong 3.0 and newer.
   *
   * @kong kong.nginx.get_statistics (certificate, rewrite, access, response, preread, log)
   */
  getStatistics(): Promise<NginxStatistics> {
    return this[CHANNEL].send(METHODS.getStatistics, [])
  }

  /**
   * Gives a variable of nginx.
   *
   * @param name the name without `$`, for example `request_id`, or the number of a capture
   * @returns the value as text, `undefined` when there is no such variable or it is not set
   * @kong kong.nginx.get_var (rewrite, access, response, preread)
   */
  getVar(name: string | number): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getVar, [name])
  }

  /**
   * Gives the TLS version of the connection to the client.
   *
   * @returns for example `TLSv1.3`; `undefined` without TLS, and always in `log`
   * @kong kong.nginx.get_tls1_version_str (certificate, rewrite, access, response, preread, log)
   */
  getTls1VersionStr(): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getTls1VersionStr, [])
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
    return this[CHANNEL].send(METHODS.getCtx, [k])
  }

  /**
   * Writes a field of `ngx.ctx`. Kong does not check it, so a wrong value can break the request. In `log` it is written to a copy.
   *
   * @param k the name of the field
   * @param v plain data; `undefined` and `null` remove the field
   * @kong kong.nginx.set_ctx (certificate, rewrite, access, response, preread, log)
   */
  setCtx(k: string, v?: unknown): Promise<void> {
    return this[CHANNEL].send(METHODS.setCtx, packArguments([k, v]))
  }

  /**
   * Gives the time at which nginx received the request.
   *
   * @returns seconds since the epoch, with milliseconds after the decimal point; `undefined` in stream
   * @kong kong.nginx.req_start_time (certificate, rewrite, access, response, preread, log)
   */
  reqStartTime(): Promise<number | undefined> {
    return this[CHANNEL].send(METHODS.reqStartTime, [])
  }
}
