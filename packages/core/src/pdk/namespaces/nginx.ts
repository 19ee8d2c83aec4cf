import type { NginxStatistics } from '../entities.js'
import { packArguments } from '../pack-arguments.js'
import { CHANNEL, PdkNamespace } from '../pdk-channel.js'
import { PDK_METHODS } from '../pdk-methods.js'

const METHODS = PDK_METHODS.nginx

/** `kong.nginx`: the nginx under Kong. */
export class Nginx extends PdkNamespace {
  /** Tells which subsystem of nginx runs the plugin. */
  getSubsystem(): Promise<'http' | 'stream'> {
    return this[CHANNEL].send(METHODS.getSubsystem, [])
  }

  /** Gives nginx's connection and request counters. Kong 3.0 and newer. */
  getStatistics(): Promise<NginxStatistics> {
    return this[CHANNEL].send(METHODS.getStatistics, [])
  }

  /**
   * Gives a variable of nginx.
   *
   * @param name its name without `$`, for example `request_id`, or the number of a capture
   * @returns its value as text, `undefined` when it is unknown or not set
   */
  getVar(name: string | number): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getVar, [name])
  }

  /** Gives the TLS version of the client's connection, for example `TLSv1.3`; `undefined` without TLS and in `log`. */
  getTls1VersionStr(): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getTls1VersionStr, [])
  }

  /**
   * Reads a field of `ngx.ctx`, Kong's own data about the request. Names inside differ between versions of Kong; `kong.ctx.shared` is the
   * place for plugins.
   *
   * @param k the field's name
   * @returns its value, `undefined` when it is not set
   */
  getCtx(k: string): Promise<unknown> {
    return this[CHANNEL].send(METHODS.getCtx, [k])
  }

  /**
   * Writes a field of `ngx.ctx`, without any check: it can break Kong's handling of the request. In `log` it writes to a copy.
   *
   * @param k the field's name
   * @param v plain data; nothing removes the field
   */
  setCtx(k: string, v?: unknown): Promise<void> {
    return this[CHANNEL].send(METHODS.setCtx, packArguments([k, v]))
  }

  /** Gives the time at which the request came, in seconds since the epoch with milliseconds; `undefined` in stream. */
  reqStartTime(): Promise<number | undefined> {
    return this[CHANNEL].send(METHODS.reqStartTime, [])
  }
}
