export type Protocol = 'MsgPack:1' | 'ProtoBuf:1'

/** A plugin server to be measured: it serves a plugin named `bench` with a field `mode`. */
export interface ServerKind {
  readonly name: string
  readonly protocol: Protocol
  /** `{prefix}` stands for a folder of its own in which it makes its socket, `{socket}` for a path in that folder. */
  readonly command: readonly string[]
}
