import type { ProtocolName } from './protocol-name.js'

/** Says what to do instead of a PDK function (by Kong's name) that a protocol cannot carry; `undefined` when it can. */
export type PdkSupport = (method: string) => string | undefined

/**
 * Which PDK functions a protocol carries. On MsgPack:1 Kong answers to every name; ProtoBuf:1 has 74 functions.
 *
 * For tools: a plugin server refuses such a call by itself, with `PdkProtocolError`.
 */
export async function loadPdkSupport(protocol: ProtocolName): Promise<PdkSupport> {
  if (protocol === 'MsgPack:1') return () => undefined
  const { remedyFor } = await import('../protocol-protobuf/remedy-for.js')
  return remedyFor
}
