import { type LuaKey, LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { KongRaise } from '../protocol/plugin-server-client.js'

/** A msgpack value as it was sent: unlike a Lua table, an array keeps its nil items. */
export type MsgpackValue = undefined | boolean | number | string | MsgpackArray | MsgpackMap

/** A msgpack array with its nil items. */
export class MsgpackArray {
  constructor(readonly items: readonly MsgpackValue[]) {}
}

/** A msgpack map. The last of several members with one key counts. Members that are nil are missing. */
export class MsgpackMap {
  constructor(readonly members: ReadonlyMap<LuaKey, MsgpackValue>) {}
}

const DEEPEST = 512

/**
 * Reads one msgpack value as Kong's Lua library does: str and bin are byte strings, every extension type is nil, integers beyond 2^53 lose
 * digits, and map members that are nil are dropped.
 * @param bytes exactly one value, as MsgpackScanner delimits it.
 * @throws KongRaise for a value that is cut off or nested too deep.
 */
export function decodeMsgpack(bytes: Buffer): MsgpackValue {
  return new Decoder(bytes).value(0)
}

/** The value as Kong's Lua code holds it. */
export function toLuaValue(value: MsgpackValue): LuaValue {
  if (value instanceof MsgpackArray) return LuaTable.list(value.items.map(toLuaValue))
  if (!(value instanceof MsgpackMap)) return value
  const table = new LuaTable()
  for (const [key, member] of value.members) table.set(key, toLuaValue(member))
  return table
}

class Decoder {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  value(depth: number): MsgpackValue {
    if (depth > DEEPEST) throw new KongRaise('C stack overflow')
    const type = this.#bytes.readUInt8(this.#take(1))
    if (type <= 0x7f) return type
    if (type >= 0xe0) return type - 0x100
    if (type <= 0x8f) return this.#map(type & 0x0f, depth)
    if (type <= 0x9f) return this.#array(type & 0x0f, depth)
    if (type <= 0xbf) return this.#text(type & 0x1f)
    return this.#typed(type, depth)
  }

  #typed(type: number, depth: number): MsgpackValue {
    switch (type) {
      case 0xc0:
        return undefined
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
      case 0xd9:
        return this.#text(this.#unsigned(1))
      case 0xc5:
      case 0xda:
        return this.#text(this.#unsigned(2))
      case 0xc6:
      case 0xdb:
        return this.#text(this.#unsigned(4))
      case 0xca:
        return this.#bytes.readFloatBE(this.#take(4))
      case 0xcb:
        return this.#bytes.readDoubleBE(this.#take(8))
      case 0xcc:
        return this.#unsigned(1)
      case 0xcd:
        return this.#unsigned(2)
      case 0xce:
        return this.#unsigned(4)
      case 0xcf:
        return Number(this.#bytes.readBigUInt64BE(this.#take(8)))
      case 0xd0:
        return this.#bytes.readInt8(this.#take(1))
      case 0xd1:
        return this.#bytes.readInt16BE(this.#take(2))
      case 0xd2:
        return this.#bytes.readInt32BE(this.#take(4))
      case 0xd3:
        return Number(this.#bytes.readBigInt64BE(this.#take(8)))
      case 0xdc:
        return this.#array(this.#unsigned(2), depth)
      case 0xdd:
        return this.#array(this.#unsigned(4), depth)
      case 0xde:
        return this.#map(this.#unsigned(2), depth)
      case 0xdf:
        return this.#map(this.#unsigned(4), depth)
      default:
        return this.#extension(type)
    }
  }

  #extension(type: number): undefined {
    const isFixed = type >= 0xd4 && type <= 0xd8
    const length = isFixed ? 2 ** (type - 0xd4) : this.#unsigned(type === 0xc7 ? 1 : type === 0xc8 ? 2 : 4)
    this.#take(1 + length)
    return undefined
  }

  #array(length: number, depth: number): MsgpackArray {
    const items: MsgpackValue[] = []
    for (let index = 0; index < length; index++) items.push(this.value(depth + 1))
    return new MsgpackArray(items)
  }

  #map(length: number, depth: number): MsgpackMap {
    const members = new Map<LuaKey, MsgpackValue>()
    for (let index = 0; index < length; index++) {
      const key = toLuaValue(this.value(depth + 1))
      const value = this.value(depth + 1)
      if (!isKey(key)) continue
      if (value === undefined) members.delete(key)
      else members.set(key, value)
    }
    return new MsgpackMap(members)
  }

  #text(length: number): string {
    const start = this.#take(length)
    return this.#bytes.toString('latin1', start, start + length)
  }

  #unsigned(width: 1 | 2 | 4): number {
    return this.#bytes.readUIntBE(this.#take(width), width)
  }

  #take(length: number): number {
    const start = this.#position
    this.#position += length
    if (this.#position > this.#bytes.length) throw new KongRaise('missing bytes')
    return start
  }
}

function isKey(key: LuaValue): key is LuaKey {
  return key !== undefined && !(key instanceof Uint8Array) && !(typeof key === 'number' && Number.isNaN(key))
}
