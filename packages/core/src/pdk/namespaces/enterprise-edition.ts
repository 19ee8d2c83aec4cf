import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS['enterpriseEdition.jwe']

/**
 * `kong.enterprise_edition.jwe`: JSON Web Encryption. Kong Gateway Enterprise only: open-source Kong answers nothing.
 *
 * The source of these functions is not public. Their arguments come from the typings of Kong's own JavaScript PDK and were not tried, so
 * only plain data is demanded of them. Keys that are C objects in Lua cannot be passed.
 */
export class Jwe extends PdkNamespace {
  /**
   * Reads the parts of a token without decrypting it.
   *
   * @param token the token
   * @returns its parts, `undefined` when it cannot be read
   * @kong kong.enterprise_edition.jwe.decode (certificate, rewrite, access, response, preread, log)
   */
  decode(token: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    return this[CHANNEL].send(METHODS.decode, packArguments([token]))
  }

  /**
   * Decrypts a token.
   *
   * @param key the key, as text or plain data
   * @param token the token
   * @returns the text, `undefined` when it cannot be decrypted
   * @kong kong.enterprise_edition.jwe.decrypt (certificate, rewrite, access, response, preread, log)
   */
  decrypt(key: unknown, token: string): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.decrypt, packArguments([key, token]))
  }

  /**
   * Encrypts a text.
   *
   * @param alg algorithm for the key
   * @param enc algorithm for the content
   * @param key the key, as text or plain data
   * @param plaintext the text
   * @param options settings of Kong's function
   * @returns the token, `undefined` when it could not be made
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

/** `kong.enterprise_edition`: functions that only Kong Gateway Enterprise has. */
export class EnterpriseEdition {
  /** `kong.enterprise_edition.jwe`: JSON Web Encryption. */
  readonly jwe: Jwe

  constructor(channel: PdkChannel) {
    this.jwe = new Jwe(channel)
  }
}
