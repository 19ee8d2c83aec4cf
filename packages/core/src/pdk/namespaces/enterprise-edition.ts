import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS['enterpriseEdition.jwe']

/**
 * `kong.enterprise_edition.jwe`: JSON Web Encryption. Kong Gateway Enterprise only: open-source Kong answers nothing. Its source is not
 * public, so that neither arguments nor phases are checked here. Keys that are objects in Lua cannot be passed.
 */
export class Jwe extends PdkNamespace {
  /**
   * Takes a token apart without decrypting it.
   *
   * @kong kong.enterprise_edition.jwe.decode (certificate, rewrite, access, response, preread, log)
   */
  decode(token: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    return this[CHANNEL].send(METHODS.decode, packArguments([token]))
  }

  /**
   * Decrypts a token, `undefined` when it cannot be decrypted.
   *
   * @kong kong.enterprise_edition.jwe.decrypt (certificate, rewrite, access, response, preread, log)
   */
  decrypt(key: unknown, token: string): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.decrypt, packArguments([key, token]))
  }

  /**
   * Encrypts a text with the algorithms `alg` for the key and `enc` for the content, `undefined` when it failed.
   *
   * @kong kong.enterprise_edition.jwe.encrypt (certificate, rewrite, access, response, preread, log)
   */
  encrypt(
    alg: string,
    enc: string,
    key: unknown,
    plaintext: string,
    options?: Readonly<Record<string, unknown>>,
  ): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.encrypt, packArguments([alg, enc, key, plaintext, options]))
  }
}

/** `kong.enterprise_edition`: what only Kong Gateway Enterprise has. */
export class EnterpriseEdition {
  /** `kong.enterprise_edition.jwe`: JSON Web Encryption. */
  readonly jwe: Jwe

  constructor(channel: PdkChannel) {
    this.jwe = new Jwe(channel)
  }
}
