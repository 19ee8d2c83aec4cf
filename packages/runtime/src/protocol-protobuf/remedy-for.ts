import { MAPPED_METHODS } from './mapped-calls.js'
import { insteadOf } from './missing-calls.js'
import { RPC_TABLE } from './rpc-table.js'

/** What to do instead of a PDK function, by Kong's name; `undefined` when ProtoBuf:1 carries it, or another call does in its place. */
export function remedyFor(method: string): string | undefined {
  return RPC_TABLE.has(method) || MAPPED_METHODS.has(method) ? undefined : insteadOf(method)
}
