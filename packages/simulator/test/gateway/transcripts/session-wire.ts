/** What Kong said, as far as a player has to know it. */
export interface KongMessage {
  readonly kind: 'start' | 'close' | 'event' | 'step'
  /** What it is about: plugin id, instance id, phase and instance id, event id. A step of ProtoBuf:1 says nothing of the kind. */
  readonly about: string
  /** Message id or sequence; a step of ProtoBuf:1 has none. */
  readonly id: number | undefined
  /** Config of a start, Data and method of a step. */
  readonly config?: unknown
  readonly step?: unknown
  readonly value?: unknown
}

/** A PDK call as a plugin server sent it. */
export interface SaidCall {
  readonly method: string
  readonly args: unknown
}

/** What a plugin server said in one go. */
export interface ServerMessages {
  /** Event id of the answer, where the protocol has it. */
  readonly event: string | undefined
  readonly call: SaidCall | undefined
  readonly error: unknown
}

/** Understands the bytes of one connection. */
export interface ConnectionReader {
  /** The messages of Kong's that these bytes complete. */
  kong(bytes: Buffer): readonly KongMessage[]
  /** Tells what the plugin server said. */
  server(bytes: Buffer): ServerMessages
}

/** One of Kong's two protocols, as recorded sessions need it. */
export interface SessionWire {
  openConnection(): ConnectionReader
  /** The same bytes of a plugin server with the ids that Kong used this time. */
  withIds(bytes: Buffer, ids: ReadonlyMap<number, number>): Buffer
  /** What an unexpected call is answered with. */
  refusal(message: KongMessage): Buffer
}
