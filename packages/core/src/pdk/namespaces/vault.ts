import type { VaultReference } from '../values/entities.js'
import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS.vault

/** `kong.vault`: secrets by reference. Not available over ProtoBuf:1. */
export class Vault extends PdkNamespace {
  /**
   * Tells whether a text has the form of a vault reference.
   *
   * @param reference for example `{vault://env/my-secret}`
   * @kong kong.vault.is_reference (certificate, rewrite, access, response, preread, log)
   */
  isReference(reference: string): Promise<boolean> {
    return this[CHANNEL].send(METHODS.isReference, [reference])
  }

  /**
   * Reads the parts of a vault reference.
   *
   * @param reference for example `{vault://aws/db/password?region=eu-west-1#2}`
   * @returns its parts, `undefined` when it is not a valid reference
   * @kong kong.vault.parse_reference (certificate, rewrite, access, response, preread, log)
   */
  parseReference(reference: string): Promise<VaultReference | undefined> {
    return this[CHANNEL].send(METHODS.parseReference, [reference])
  }

  /**
   * Gives the secret that a reference stands for, from the caches of Kong or from the vault.
   *
   * @param reference for example `{vault://env/my-secret}`
   * @returns the secret, `undefined` when Kong cannot read it
   * @kong kong.vault.get (certificate, rewrite, access, response, preread, log)
   */
  get(reference: string): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.get, [reference])
  }

  /**
   * Gives a copy of a configuration in which the fields with references have their current secrets. Use it for secrets that rotate: the
   * plugin keeps those that it was started with. Kong 3.4 and newer.
   *
   * @param options a plain object with the member `$refs`, which maps fields to references; Kong reads the secrets from its cache
   * @returns the copy
   * @kong kong.vault.update (certificate, rewrite, access, response, preread, log)
   */
  update<Options extends object>(options: Options): Promise<Options> {
    return this[CHANNEL].send(METHODS.update, packArguments([options]))
  }
}
