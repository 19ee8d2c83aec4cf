import { ProtocolError } from '../errors/server-errors.js'

/** Bounds on what a peer can make the server hold. Announced sizes are checked before anything is allocated. */
export interface ProtocolLimits {
  /** Bytes of one message. Kong sends a whole body in one message, so this bounds bodies too. */
  readonly maxMessageBytes: number
  /** Bytes of unfinished messages that all connections keep together. */
  readonly maxBufferedBytes: number
  /** Levels of nested arrays and maps. Kong's own JSON decoder stops at 1000, and a message adds a few levels around a body. */
  readonly maxDepth: number
  /** Values in one message, counting keys and elements: one byte on the wire can become an object of a hundred bytes. */
  readonly maxValues: number
}

const MIB = 1024 * 1024

export const DEFAULT_LIMITS: ProtocolLimits = Object.freeze({
  maxMessageBytes: 128 * MIB,
  maxBufferedBytes: 512 * MIB,
  maxDepth: 1024,
  maxValues: 2 * MIB,
})

/** One read of a socket brings at most this many bytes. An unfinished message may be followed by as many bytes of the next one. */
export const LONGEST_READ = MIB

/** A message with more than `limit` bytes, announced or received. */
export function messageTooLarge(limit: number): ProtocolError {
  return new ProtocolError(
    `a message of more than ${limit} bytes`,
    "raise -max-message-bytes, or bound bodies in Kong (nginx's client_max_body_size)",
  )
}

/** A message with more values than the limit, announced or received. */
export function tooManyValues({ maxValues }: ProtocolLimits): ProtocolError {
  return new ProtocolError(`a message of more than ${maxValues} values`, 'read such a body raw, as bytes')
}
