/** Kong's two protocols, by the names that a dump gives them. */
export const PROTOCOL_NAMES = ['MsgPack:1', 'ProtoBuf:1'] as const
export type ProtocolName = (typeof PROTOCOL_NAMES)[number]
export const DEFAULT_PROTOCOL: ProtocolName = 'MsgPack:1'
