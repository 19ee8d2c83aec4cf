import type { VaultReference } from '../values/entities.js'
import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS.vault

/** `kong.vault`: secrets by reference. */
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
   * Takes a vault reference apart.
   *
   * @param reference for example `{vault://aws/db/password?region=eu-west-1#2}`
   * @returns its parts, `undefined` when it is no valid reference
   * @kong kong.vault.parse_reference (certificate, rewrite, access, response, preread, log)
   */
  parseReference(reference: string): Promise<VaultReference | undefined> {
    return this[CHANNEL].send(METHODS.parseReference, [reference])
  }

  /**
   * Gives the secret a reference stands for, from Kong's caches or the vault.
   *
   * @param reference for example `{vault://env/my-secret}`
   * @returns the secret, `undefined` when it cannot be had
   * @kong kong.vault.get (certificate, rewrite, access, response, preread, log)
   */
  get(reference: string): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.get, [reference])
  }

  /**
   * Gives a configuration with its referenced fields refreshed from Kong's cache, to follow rotated secrets. Kong 3.4 and newer.
   *
   * @param options an object with `$refs`, as the configuration of an instance is when it has references
   * @returns a copy with the current values
   * @kong kong.vault.update (certificate, rewrite, access, response, preread, log)
   */
  update<Options extends object>(options: Options): Promise<Options> {
    return this[CHANNEL].send(METHODS.update, packArguments([options]))
  }
}
