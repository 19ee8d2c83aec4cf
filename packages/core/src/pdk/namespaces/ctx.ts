import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS['ctx.shared']

/** `kong.ctx.shared`: values that all plugins of a request share, also with plugins in Lua. They last as long as the request. */
export class CtxShared extends PdkNamespace {
  /**
   * Reads a value.
   *
   * @param k the key
   * @returns what a plugin stored, as plain data; an empty object comes back as an empty array. `undefined` when nothing is stored
   * @kong kong.ctx.shared.get (certificate, rewrite, access, response, preread, log)
   */
  get(k: string | number): Promise<unknown> {
    return this[CHANNEL].send(METHODS.get, [k])
  }

  /**
   * Stores a value for later phases and plugins. What is stored in `log` can be read only in `log`; what is stored in `certificate` is gone
   * in `rewrite`.
   *
   * @param k the key: a string, or a number that is not NaN
   * @param v plain data; `undefined` and `null` remove the key. Kong drops members that are nil, and gives bytes back as text
   * @kong kong.ctx.shared.set (certificate, rewrite, access, response, preread, log)
   */
  set(k: string | number, v?: unknown): Promise<void> {
    return this[CHANNEL].send(METHODS.set, packArguments([k, v]))
  }
}

/** `kong.ctx`: values that last as long as the request. */
export class Ctx {
  /** `kong.ctx.shared`: values that all plugins of a request share. */
  readonly shared: CtxShared

  constructor(channel: PdkChannel) {
    this.shared = new CtxShared(channel)
  }
}
