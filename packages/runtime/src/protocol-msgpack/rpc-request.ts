import { ProtocolError } from '../protocol/protocol-error.js'
import type { MessageReader } from './message-reader.js'

/** `[0, id, method, [param]]` as Kong sends it. */
export interface RpcRequest {
  readonly id: number
  /** Normally text. A request parameter named `_method` can make anything of it, so it decides nothing where an EventId is present. */
  readonly method: unknown
  readonly param: unknown
}

/** @throws INCOMPLETE or ProtocolError, as the reader does. */
export function readRequest(reader: MessageReader): RpcRequest {
  const length = reader.readArrayLength()
  if (length !== 4) throw new ProtocolError(`a message of ${length} parts`)
  const type = reader.readValue()
  if (type !== 0) throw new ProtocolError('a message that is no request')
  const id = reader.readValue()
  // Kong counts from 1. Anything else could not be sent back as it came.
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) throw new ProtocolError('a message id that is no whole number')
  const method = reader.readName()
  const params = reader.readValue()
  return { id, method, param: Array.isArray(params) ? (params as readonly unknown[])[0] : undefined }
}
