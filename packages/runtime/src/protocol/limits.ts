/** Bounds on what a peer can make the server hold. Checked against announced sizes, before anything is allocated. */
export interface ProtocolLimits {
  /** Bytes of one message. Kong sends whole request bodies in one message, so this bounds bodies too. */
  readonly maxMessageBytes: number
  /** Bytes kept on all connections together of messages whose rest has not come. */
  readonly maxBufferedBytes: number
  /** Arrays and maps inside each other. Kong's own JSON decoder stops at 1000, and messages put a few around a body. */
  readonly maxDepth: number
  /** Values in one message, counting keys and elements: a byte on the wire can become an object of a hundred bytes. */
  readonly maxValues: number
}

const MIB = 1024 * 1024

export const DEFAULT_LIMITS: ProtocolLimits = Object.freeze({
  maxMessageBytes: 128 * MIB,
  maxBufferedBytes: 512 * MIB,
  maxDepth: 1024,
  maxValues: 2 * MIB,
})
