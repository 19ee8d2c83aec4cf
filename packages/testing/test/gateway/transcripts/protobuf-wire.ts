import { LuaTable, type LuaValue } from '../../../src/kong/index.js'
import { decodeMessage } from '../../../src/plugin-server-client/protobuf/decode-message.js'
import { STRUCT } from '../../../src/plugin-server-client/protobuf/pdk-messages.js'
import { PDK_RPCS } from '../../../src/plugin-server-client/protobuf/pdk-rpcs.js'
import { RPC_CALL } from '../../../src/plugin-server-client/protobuf/rpc-messages.js'
import type { ProtoMessage } from '../../../src/plugin-server-client/protobuf/proto-message.js'
import { unwrapStruct } from '../../../src/plugin-server-client/protobuf/struct-values.js'
import { toCorpus } from '../../kong/corpus/corpus-values.js'
import { isRecord } from '../../kong/corpus/normalise.js'
import type { ConnectionReader, KongMessage, ServerMessages, SessionWire } from './session-wire.js'

/** ProtoBuf:1 in recorded sessions, whose sequences are the same each time. */
export const PROTOBUF_WIRE: SessionWire = {
  openConnection: () => new ProtobufReader(),
  withIds: (bytes) => bytes,
  refusal: () => Buffer.alloc(0),
}

/** The frames of bytes, and what is left of them. */
export function takeFrames(bytes: Buffer): { readonly frames: readonly Buffer[]; readonly rest: Buffer } {
  const frames: Buffer[] = []
  let at = 0
  while (bytes.length >= at + 4 && bytes.length >= at + 4 + bytes.readUInt32LE(at)) {
    const length = bytes.readUInt32LE(at)
    frames.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return { frames, rest: bytes.subarray(at) }
}

class ProtobufReader implements ConnectionReader {
  private unread = Buffer.alloc(0)
  /** The PDK method that waits for its reply. */
  private asked: string | undefined

  kong(bytes: Buffer): KongMessage[] {
    const { frames, rest } = takeFrames(Buffer.concat([this.unread, bytes]))
    this.unread = Buffer.from(rest)
    return frames.map((frame) => this.message(frame))
  }

  server(bytes: Buffer): ServerMessages {
    const [first, second] = takeFrames(bytes).frames
    // A return is a frame of its own; the end of an event is an empty one before it.
    const isCall = first !== undefined && first.length > 0 && second !== undefined
    this.asked = isCall ? first.toString('latin1') : undefined
    const rpc = PDK_RPCS.get(this.asked ?? '')
    const args = rpc && second ? plain(decodeMessage(rpc.input, second)) : undefined
    return { event: undefined, call: this.asked === undefined ? undefined : { method: this.asked, args }, error: undefined }
  }

  private message(frame: Buffer): KongMessage {
    if (this.asked !== undefined) {
      const rpc = PDK_RPCS.get(this.asked)
      const message = rpc && decodeMessage(rpc.output, frame)
      // Maps have no order, so only their length is told; a log record's depends on times.
      const step = this.asked === 'kong.log.serialize' ? 'reply' : frame.length
      return { kind: 'step', about: '', id: undefined, step, value: rpc && message ? plain(opened(rpc.output, message)) : undefined }
    }
    const call = plain(decodeMessage(RPC_CALL, frame))
    const sequence = isRecord(call) ? Number(call['sequence']) : 0
    return { id: sequence, ...command(isRecord(call) ? call : {}) }
  }
}

/** The value in a result message: what the boxes of single values and structs hold. */
function opened(type: ProtoMessage, message: LuaTable): LuaValue {
  if (type === STRUCT) return unwrapStruct(message)
  return type.fields().length === 1 && message.get('v') !== undefined ? message.get('v') : message
}

function command(call: Readonly<Record<string, unknown>>): Omit<KongMessage, 'id'> {
  const { cmd_start_instance: start, cmd_close_instance: close, cmd_handle_event: event } = call
  if (isRecord(event)) return { kind: 'event', about: `${String(event['event_name'])} ${String(event['instance_id'])}` }
  if (isRecord(close)) return { kind: 'close', about: String(close['instance_id']) }
  const config: unknown = isRecord(start) ? JSON.parse(String(start['config'])) : undefined
  return { kind: 'start', about: isRecord(config) ? String(config['__plugin_id']) : '', config }
}

function plain(value: LuaValue): unknown {
  return value instanceof LuaTable ? toCorpus(value) : value
}
