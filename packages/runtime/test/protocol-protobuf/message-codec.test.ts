import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parse } from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { FrameWriter } from '../../src/protocol-protobuf/frame-writer.js'
import { MessageCodec } from '../../src/protocol-protobuf/message-codec.js'
import { MESSAGE_FIELDS, type FieldRow, type MessageName } from '../../src/protocol-protobuf/message-definitions.js'

const PROTO = new URL('../../src/protocol-protobuf/plugin-server.proto', import.meta.url)
const { root } = parse(readFileSync(PROTO, 'utf8'), { keepCase: true })
const codec = new MessageCodec()

function encoded(name: MessageName, message: object): Buffer {
  const writer = new FrameWriter()
  writer.begin()
  codec.encode(name, message as never, writer)
  return Buffer.from(writer.frames)
}

function encodedByLibrary(name: MessageName, message: object): Buffer {
  return Buffer.from(root.lookupType(`kong_ts.${name}`).encode(message).finish())
}

const SCALARS: Readonly<Record<Exclude<FieldRow['kind'], 'message'>, fc.Arbitrary<unknown>>> = {
  bool: fc.boolean(),
  int32: fc.oneof(fc.integer(), fc.integer({ min: -200, max: 200 })),
  int64: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -200, max: 200 })),
  double: fc.double({ noNaN: true }),
  string: fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 100, maxLength: 300 })),
  bytes: fc.uint8Array({ maxLength: 200 }),
}

/** Any message of a type, a few levels deep. */
function anyMessage(name: MessageName, depth = 0): fc.Arbitrary<object> {
  const fields = MESSAGE_FIELDS[name].filter(({ kind }) => kind !== 'message' || depth < 4)
  const values = fields.map((field) => {
    const one = field.kind === 'message' ? anyMessage(field.message as MessageName, depth + 1) : SCALARS[field.kind]
    const value = field.presence === 'repeated' ? fc.array(one, { minLength: 1, maxLength: 3 }) : one
    return field.presence === 'implicit' ? value : fc.option(value, { nil: undefined })
  })
  const chosen = fc.nat({ max: Math.max(0, fields.length - 1) })
  return fc.tuple(chosen, ...(values as [fc.Arbitrary<unknown>])).map(([choice, ...made]) => {
    const oneof = fields.filter(({ presence }) => presence === 'oneof')
    const kept = oneof[Number(choice) % Math.max(1, oneof.length)]
    const entries = fields.flatMap((field, index) => {
      const value: unknown = made[index]
      return value === undefined || (field.presence === 'oneof' && field !== kept) ? [] : [[field.name, value]]
    })
    return Object.fromEntries(entries) as object
  })
}

describe.each(Object.keys(MESSAGE_FIELDS) as MessageName[])('the message %s', (name) => {
  it('is encoded as protobufjs encodes it, and decoded to what it was', () => {
    fc.assert(
      fc.property(anyMessage(name), (message) => {
        const bytes = encoded(name, message)
        expect(bytes).toEqual(encodedByLibrary(name, message))
        expect(codec.decode(name, bytes)).toEqual(message)
      }),
      { numRuns: 40 },
    )
  })
})

describe('the codec', () => {
  it('keeps whole numbers of 64 bits exactly', () => {
    for (const sequence of [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 2 ** 53 - 1, -1, 0, 2 ** 32, 2 ** 49])
      expect(codec.decode('Done', encoded('Done', { sequence }))).toEqual({ sequence })
  })

  it('takes the last member of a oneof', () => {
    expect(codec.decode('Value', Buffer.of(0x1a, 1, 0x61, 0x20, 1))).toEqual({ flag: true })
  })

  it('skips fields it does not know, and known ones that are written in another way', () => {
    const unknown = Buffer.of(0x50, 0x96, 0x01, 0x5a, 2, 1, 2, 0x61, 1, 2, 3, 4, 5, 6, 7, 8, 0x6d, 1, 2, 3, 4, 0x08, 7)
    expect(codec.decode('Text', Buffer.concat([unknown, Buffer.of(0x0a, 1, 0x61)]))).toEqual({ v: 'a' })
  })

  it.each([
    ['a field that is longer than its message', Buffer.of(0x0a, 5, 0x61)],
    ['a number that does not end', Buffer.alloc(20, 0xff)],
    ['a group', Buffer.of(0x0b, 0x0c)],
    ['an incomplete number', Buffer.of(0x0a)],
  ])('refuses %s', (_what, bytes) => {
    expect(() => codec.decode('Text', bytes)).toThrow(expect.objectContaining({ code: 'ERR_PROTOCOL' }))
  })

  it('refuses a field that goes beyond the message that holds it', () => {
    // A member of three bytes, whose value claims four.
    expect(() => codec.decode('Table', Buffer.of(0x0a, 3, 0x12, 2, 0x20, 1, 0x0a, 0))).toThrow(/beyond its message|bytes in a message/)
  })

  it('refuses messages too deep inside each other, and does not run out of stack', () => {
    let bytes: Buffer = Buffer.of(0x20, 1)
    for (let depth = 0; depth < 200; depth++) {
      const list = encodedByLibrary('Bytes', { v: bytes })
      bytes = encodedByLibrary('Bytes', { v: list })
      bytes[0] = 0x32
    }
    expect(() => codec.decode('Value', bytes)).toThrow(/messages more than 100 deep/)
  })
})
