import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { KongRaise } from '../protocol/plugin-server-client.js'
import type { ProtoField, ProtoMessage, ProtoScalar } from './proto-message.js'

const DEEPEST = 100

/**
 * Reads a message as Kong's Lua library does: single values that were not sent are zero, false or '', messages and lists that were not
 * sent are nil, and unknown fields are dropped.
 * @throws KongRaise for malformed bytes.
 */
export function decodeMessage(type: ProtoMessage, bytes: Buffer, depth = 0): LuaTable {
  if (depth > DEEPEST) throw new KongRaise('message nested too deep')
  const table = new LuaTable()
  for (const { name, type: fieldType, label } of type.fields()) if (label === 'single') table.set(name, defaultOf(fieldType))
  const reader = new WireReader(bytes)
  while (!reader.done) {
    const { number, wireType } = reader.tag()
    const field = type.fields().find((each) => each.number === number)
    if (field === undefined || wireType !== wireTypeOf(field)) reader.skip(wireType)
    else store(table, field, reader, depth)
  }
  return table
}

function store(table: LuaTable, field: ProtoField, reader: WireReader, depth: number): void {
  if (field.label === 'map') {
    const entry = decodeMessage(
      {
        name: field.name,
        fields: () => [
          { ...field, name: 'key', number: 1, type: 'string', label: 'single' },
          { ...field, name: 'value', number: 2, label: 'single' },
        ],
      },
      reader.delimited(),
      depth + 1,
    )
    const members = tableAt(table, field.name)
    const key = entry.get('key')
    if (typeof key === 'string') members.set(key, entry.get('value'))
    return
  }
  const value = typeof field.type === 'string' ? reader.scalar(field.type) : decodeMessage(field.type, reader.delimited(), depth + 1)
  if (field.label === 'repeated') {
    const list = tableAt(table, field.name)
    list.set(list.size + 1, value)
  } else table.set(field.name, value)
}

function tableAt(table: LuaTable, name: string): LuaTable {
  const present = table.get(name)
  if (present instanceof LuaTable) return present
  const created = new LuaTable()
  table.set(name, created)
  return created
}

function defaultOf(type: ProtoField['type']): LuaValue {
  if (typeof type !== 'string') return undefined
  if (type === 'string' || type === 'bytes') return ''
  return type === 'bool' ? false : 0
}

function wireTypeOf({ type, label }: ProtoField): number {
  if (typeof type !== 'string' || label === 'map' || type === 'string' || type === 'bytes') return 2
  return type === 'double' ? 1 : 0
}

class WireReader {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length
  }

  tag(): { readonly number: number; readonly wireType: number } {
    const value = Number(this.#varint())
    return { number: Math.floor(value / 8), wireType: value % 8 }
  }

  delimited(): Buffer {
    const length = Number(this.#varint())
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  scalar(type: ProtoScalar): LuaValue {
    if (type === 'string' || type === 'bytes') return this.delimited().toString('latin1')
    if (type === 'double') return this.#bytes.readDoubleLE(this.#take(8))
    const value = this.#varint()
    if (type === 'bool') return value !== 0n
    // The protocol has one enumeration, NullValue, which has one name.
    if (type === 'enum') return value === 0n ? 'NULL_VALUE' : Number(value)
    return Number(BigInt.asIntN(type === 'int32' ? 32 : 64, value))
  }

  skip(wireType: number): void {
    if (wireType === 0) this.#varint()
    else if (wireType === 1) this.#take(8)
    else if (wireType === 2) this.delimited()
    else if (wireType === 5) this.#take(4)
    else throw new KongRaise(`invalid wire type ${wireType}`)
  }

  #varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes.readUInt8(this.#take(1))
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new KongRaise('invalid varint')
  }

  #take(length: number): number {
    const start = this.#position
    if (start + length > this.#bytes.length) throw new KongRaise('message ends too early')
    this.#position += length
    return start
  }
}
