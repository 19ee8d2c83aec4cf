import { packArguments } from '../pack-arguments.js'
import { CHANNEL, PdkNamespace } from '../pdk-channel.js'
import { PDK_METHODS } from '../pdk-methods.js'

const METHODS = PDK_METHODS.table

/** `kong.table`: Lua tables. Everything here works on copies in Kong and is of no use to an external plugin; it is here to be complete. */
export class Table extends PdkNamespace {
  /**
   * Makes an empty Lua table with room for `narr` elements and `nrec` keys; it arrives as an empty array.
   *
   * @kong kong.table.new (certificate, rewrite, access, response, preread, log)
   */
  new(narr: number, nrec: number): Promise<readonly unknown[]> {
    return this[CHANNEL].send(METHODS.new, [narr, nrec])
  }

  /**
   * Empties Kong's copy of a table.
   *
   * @kong kong.table.clear (certificate, rewrite, access, response, preread, log)
   */
  clear(tab: object): Promise<void> {
    return this[CHANNEL].send(METHODS.clear, [tab])
  }

  /**
   * Merges two tables, the second wins. An empty result arrives as an empty array.
   *
   * @kong kong.table.merge (certificate, rewrite, access, response, preread, log)
   */
  merge(t1?: object, t2?: object): Promise<unknown> {
    return this[CHANNEL].send(METHODS.merge, packArguments([t1, t2]))
  }
}
