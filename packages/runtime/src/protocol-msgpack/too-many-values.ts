import type { ProtocolLimits } from '../protocol/limits.js'
import { ProtocolError } from '../protocol/protocol-error.js'

/** A message with more values than one may have, announced or arrived. */
export function tooManyValues({ maxValues }: ProtocolLimits): ProtocolError {
  return new ProtocolError(`a message of more than ${maxValues} values`, 'read such a body raw, as bytes')
}
