import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS['ctx.shared']

/** `kong.ctx.shared`: data of the request that all plugins share, Lua ones included. It lives as long as the request. */
export class CtxShared extends PdkNamespace {
  /**
   * Reads a value.
   *
   * @param k its key
   * @returns what a plugin stored: plain data, an empty object as an empty array; `undefined` when there is nothing
   * @kong kong.ctx.shared.get (certificate, rewrite, access, response, preread, log)
   */
  get(k: string | number): Promise<unknown> {
    return this[CHANNEL].send(METHODS.get, [k])
  }

  /**
   * Stores a value for the phases and plugins to come. In `log` only other handlers of that phase can see it.
   *
   * @param k its key, not NaN
   * @param v plain data: strings, bytes, numbers, booleans, arrays and objects of these; nothing removes the key. Kong drops nil members,
   * and gives bytes back as text
   * @kong kong.ctx.shared.set (certificate, rewrite, access, response, preread, log)
   */
  set(k: string | number, v?: unknown): Promise<void> {
    return this[CHANNEL].send(METHODS.set, packArguments([k, v]))
  }
}

/** `kong.ctx`: data of the request. */
export class Ctx {
  /** `kong.ctx.shared`: shared by all plugins. */
  readonly shared: CtxShared

  constructor(channel: PdkChannel) {
    this.shared = new CtxShared(channel)
  }
}
