import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { decodeMessage } from '../../src/client/protobuf/decode-message.js'
import { encodeMessage } from '../../src/client/protobuf/encode-message.js'
import { VALUE, PDK_RPCS, RPC_CALL, RPC_RETURN } from '../../src/client/protobuf/pdk-messages.js'
import type { ProtoMessage } from '../../src/client/protobuf/proto-message.js'
import { unwrapValue, wrapValue } from '../../src/client/protobuf/pdk-values.js'
import { takeFrames } from '../gateway/corpus/protobuf-frames.js'
import { toCorpus } from '../model/corpus/corpus-values.js'

interface RecordedMessage {
  readonly sender: 'kong' | 'server'
  readonly type: ProtoMessage
  readonly bytes: Buffer
}

/** The messages of a recorded session, connection by connection. */
function recordedMessages(session: string): RecordedMessage[] {
  const text = gunzipSync(readFileSync(new URL(`../data/transcripts/${session}.jsonl.gz`, import.meta.url))).toString('utf8')
  const lines = text
    .trim()
    .split('\n')
    .map((line): { conn?: string; dir?: string; b64?: string } => JSON.parse(line))
  const bytes = (conn: string, dir: string): Buffer =>
    Buffer.concat(lines.filter((line) => line.conn === conn && line.dir === dir).map(({ b64 = '' }) => Buffer.from(b64, 'base64')))
  const connections = [...new Set(lines.flatMap(({ conn }) => conn ?? []))]
  return connections.flatMap((conn) =>
    conversation(takeFrames(bytes(conn, 'kong->server')).frames, takeFrames(bytes(conn, 'server->kong')).frames),
  )
}

/** Kong begins; a call ends with a return, before which the plugin server may ask for what Kong then replies. */
function conversation(kong: readonly Buffer[], server: readonly Buffer[]): RecordedMessage[] {
  const messages: RecordedMessage[] = []
  let asked: string | undefined
  let at = 0
  for (const frame of kong) {
    const type = asked === undefined ? RPC_CALL : PDK_RPCS.get(asked)?.output
    if (type !== undefined) messages.push({ sender: 'kong', type, bytes: frame })
    const isEvent = asked !== undefined || decodeMessage(RPC_CALL, frame).get('cmd_handle_event') !== undefined
    const first = server[at++]
    if (first === undefined) break
    asked = isEvent && first.length > 0 ? first.toString('latin1') : undefined
    const second = isEvent ? server[at++] : first
    const answers = asked === undefined ? RPC_RETURN : PDK_RPCS.get(asked)?.input
    if (second !== undefined && answers !== undefined) messages.push({ sender: 'server', type: answers, bytes: second })
  }
  return messages
}

const sorted = (bytes: Buffer): number[] => [...bytes].sort((a, b) => a - b)

describe.each(['391-pb-a-getset', '391-pb-b-exit', '391-pb-e-restart', '391-pb-f-start-error'])('the recorded session %s', (session) => {
  const messages = recordedMessages(session)

  it('is read, and what Kong sent is written with the same bytes, fields in any order', () => {
    expect(messages.length).toBeGreaterThan(0)
    for (const { type, bytes } of messages.filter(({ sender }) => sender === 'kong'))
      expect([type.name, sorted(encodeMessage(type, decodeMessage(type, bytes)))]).toEqual([type.name, sorted(bytes)])
  })

  it('means the same when what the plugin server sent is written anew', () => {
    for (const { type, bytes } of messages) {
      const once = decodeMessage(type, bytes)
      expect(toCorpus(decodeMessage(type, encodeMessage(type, once)))).toEqual(toCorpus(once))
    }
  })
})

type Plain = number | string | true | readonly Plain[] | { readonly [key: string]: Plain }

const plain = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text, 'utf8').toString('latin1')),
    fc.constant(true as const),
    fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', '_') }), tie('value'), { minKeys: 1, maxKeys: 4 }),
  ),
}))

function toLua(value: Plain): LuaValue {
  if (typeof value !== 'object') return value
  if (isList(value)) return LuaTable.list(value.map(toLua))
  return LuaTable.record(Object.entries(value).map(([key, member]) => [key, toLua(member)] as const))
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value)
}

it('a Value of text, numbers, true, lists and tables comes back as it went', () => {
  fc.assert(
    fc.property(plain.value.map(toLua), (value) => {
      expect(toCorpus(unwrapValue(decodeMessage(VALUE, encodeMessage(VALUE, wrapValue(value)))))).toEqual(toCorpus(value))
    }),
  )
})

it('a Value that a plugin server sends loses false, which becomes nil, and null, which becomes text', () => {
  const sent = (name: string, value: LuaValue): LuaValue =>
    unwrapValue(decodeMessage(VALUE, encodeMessage(VALUE, LuaTable.record([[name, value]]))))
  expect([sent('bool_value', false), sent('null_value', 0), sent('string_value', '')]).toEqual([undefined, 'NULL_VALUE', ''])
})

it('a Value that Kong sends has a number of its own for nil, and nothing for null', () => {
  expect(encodeMessage(VALUE, wrapValue(undefined))).toEqual(Buffer.of(0x08, 1))
  expect(encodeMessage(VALUE, wrapValue(null))).toEqual(Buffer.alloc(0))
})

it('zero numbers and empty texts are left out, false is not', () => {
  const bytes = (method: string, value: LuaValue): number => {
    const type = PDK_RPCS.get(method)?.output
    return type === undefined ? Number.NaN : encodeMessage(type, LuaTable.record([['v', value]])).length
  }
  expect([bytes('kong.response.get_status', 0), bytes('kong.request.get_raw_query', ''), bytes('kong.ip.is_trusted', false)]).toEqual([
    0, 0, 2,
  ])
})
