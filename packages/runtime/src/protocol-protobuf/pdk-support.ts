import type { ProtocolName } from '../protocol/protocol-name.js'

/** Tells what to do instead of a PDK function (by Kong's name) that a protocol cannot carry; `undefined` when the protocol carries it. */
export type PdkSupport = (method: string) => string | undefined

/**
 * Tells which PDK functions a protocol carries. On MsgPack:1 Kong answers every name; ProtoBuf:1 has 74 functions.
 *
 * For tools. A plugin server refuses such a call by itself, with `PdkProtocolError`.
 */
export async function loadPdkSupport(protocol: ProtocolName): Promise<PdkSupport> {
  if (protocol === 'MsgPack:1') return () => undefined
  const { remedyFor } = await import('./missing-calls.js')
  return remedyFor
}
