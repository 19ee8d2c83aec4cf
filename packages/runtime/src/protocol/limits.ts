/** Bounds on what a peer can make the server hold. Checked against announced sizes, before anything is allocated. */
export interface ProtocolLimits {
  /** Bytes of one message. Kong sends whole request bodies in one message, so this bounds bodies too. */
  readonly maxMessageBytes: number
  /** Arrays and maps inside each other. */
  readonly maxDepth: number
}

export const DEFAULT_LIMITS: ProtocolLimits = Object.freeze({ maxMessageBytes: 128 * 1024 * 1024, maxDepth: 64 })
