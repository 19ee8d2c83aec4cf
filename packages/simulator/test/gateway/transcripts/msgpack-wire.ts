import { decodeCorpus, encodeCorpus } from '../corpus/corpus-msgpack.js'
import { isRecord } from '../../model/corpus/normalise.js'
import type { ConnectionReader, KongMessage, ServerMessages, SessionWire } from './session-wire.js'

/** MsgPack:1 in recorded sessions. */
export const MSGPACK_WIRE: SessionWire = {
  openConnection: () => new MsgpackReader(),
  withIds(bytes, ids) {
    return Buffer.concat(messages(bytes, 'server').map((message) => (message.value[0] === 1 ? withId(message, ids) : message.bytes)))
  },
  refusal: ({ id = 0 }) => encodeCorpus([1, id, 'nobody recorded this call', null]),
}

interface Message {
  readonly value: readonly unknown[]
  readonly bytes: Buffer
}

class MsgpackReader implements ConnectionReader {
  private unread = Buffer.alloc(0)

  kong(bytes: Buffer): KongMessage[] {
    const buffer = Buffer.concat([this.unread, bytes])
    const complete = messages(buffer, 'kong')
    this.unread = buffer.subarray(complete.reduce((length, message) => length + message.bytes.length, 0))
    return complete.map(({ value }) => readKong(value))
  }

  server(bytes: Buffer): ServerMessages {
    const answer = messages(bytes, 'server').find(({ value }) => value[0] === 1)?.value ?? []
    const result = isRecord(answer[3]) ? answer[3] : {}
    const data = isRecord(result['Data']) ? result['Data'] : {}
    return {
      event: result['EventId'] === undefined ? undefined : JSON.stringify(result['EventId']),
      call: typeof data['Method'] === 'string' ? { method: data['Method'], args: data['Args'] } : undefined,
      error: answer[2] ?? undefined,
    }
  }
}

function readKong([, id, method, parameters]: readonly unknown[]): KongMessage {
  const parameter: unknown = Array.isArray(parameters) ? parameters[0] : undefined
  const given = isRecord(parameter) ? parameter : {}
  const head = { id: Number(id) }
  if (given['EventId'] !== undefined) {
    const value = 'Data' in given ? given['Data'] : { $absent: true }
    return { ...head, kind: 'step', about: JSON.stringify(given['EventId']), step: method, value }
  }
  if (method === 'plugin.HandleEvent')
    return { ...head, kind: 'event', about: `${String(given['EventName'])} ${JSON.stringify(given['InstanceId'])}` }
  if (method === 'plugin.CloseInstance') return { ...head, kind: 'close', about: JSON.stringify(parameter) }
  const config: unknown = JSON.parse(String(given['Config']))
  return { ...head, kind: 'start', about: isRecord(config) ? String(config['__plugin_id']) : '', config }
}

function messages(bytes: Buffer, sender: 'kong' | 'server'): Message[] {
  const list: Message[] = []
  for (let at = 0; at < bytes.length; ) {
    const message = decodeCorpus(bytes.subarray(at), sender)
    if (message === undefined) break
    list.push({ value: Array.isArray(message.value) ? message.value : [], bytes: bytes.subarray(at, at + message.length) })
    at += message.length
  }
  return list
}

/** The id is the third thing in an answer, after the head of the array and its type. */
function withId({ value, bytes }: Message, ids: ReadonlyMap<number, number>): Buffer {
  const id = Number(value[1])
  const length = decodeCorpus(bytes.subarray(2), 'server')?.length ?? 0
  return Buffer.concat([bytes.subarray(0, 2), encodeCorpus(ids.get(id) ?? id), bytes.subarray(2 + length)])
}
