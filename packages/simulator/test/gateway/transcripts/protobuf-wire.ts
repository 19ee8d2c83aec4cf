import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { decodeMessage } from '../../../src/client/protobuf/decode-message.js'
import { PDK_RPCS, RPC_CALL } from '../../../src/client/protobuf/pdk-messages.js'
import { toCorpus } from '../../model/corpus/corpus-values.js'
import { takeFrames } from '../corpus/protobuf-frames.js'
import { replyValue } from '../corpus/protobuf-replies.js'
import { isRecord } from '../../model/corpus/normalise.js'
import type { ConnectionReader, KongMessage, ServerMessages, SessionWire } from './session-wire.js'

/** ProtoBuf:1 in recorded sessions, whose sequences are the same each time. */
export const PROTOBUF_WIRE: SessionWire = {
  openConnection: () => new ProtobufReader(),
  withIds: (bytes) => bytes,
  refusal: () => Buffer.alloc(0),
}

const VARYING_LENGTH = new Set(['kong.log.serialize', 'kong.node.get_memory_stats'])

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
      // Maps have no order, so only the length is told, where it does not depend on times and figures.
      const step = VARYING_LENGTH.has(this.asked) ? 'reply' : frame.length
      return { kind: 'step', about: '', id: undefined, step, value: replyValue(this.asked, frame) }
    }
    const call = plain(decodeMessage(RPC_CALL, frame))
    const sequence = isRecord(call) ? Number(call['sequence']) : 0
    return { id: sequence, ...command(isRecord(call) ? call : {}) }
  }
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
