import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'

/** Kong's Lua library sends this integer and greater ones as a float. */
const LARGEST_INTEGER = 9_007_199_254_740_991

/**
 * Writes a value as Kong's Lua library does: strings as str with a length of 5, 16 or 32 bits (never str8, never bin), whole numbers as the
 * shortest integer, bodies (`Uint8Array`) as bin, an empty table as an empty array.
 */
export function encodeMsgpack(value: LuaValue): Buffer {
  const chunks: Buffer[] = []
  write(value, chunks)
  return Buffer.concat(chunks)
}

function write(value: LuaValue, out: Buffer[]): void {
  if (value === undefined || value === null) out.push(Buffer.of(0xc0))
  else if (typeof value === 'boolean') out.push(Buffer.of(value ? 0xc3 : 0xc2))
  else if (typeof value === 'number') out.push(encodeNumber(value))
  else if (typeof value === 'string')
    out.push(head(value.length, { fix: 0xa0, fixMost: 31, wide16: 0xda, wide32: 0xdb }), Buffer.from(value, 'latin1'))
  else if (value instanceof LuaTable) writeTable(value, out)
  else
    out.push(value.length < 0x100 ? Buffer.of(0xc4, value.length) : head(value.length, { wide16: 0xc5, wide32: 0xc6 }), Buffer.from(value))
}

function writeTable(table: LuaTable, out: Buffer[]): void {
  const items = table.asArray()
  if (items !== undefined) {
    out.push(head(items.length, { fix: 0x90, fixMost: 15, wide16: 0xdc, wide32: 0xdd }))
    for (const item of items) write(item, out)
    return
  }
  out.push(head(table.size, { fix: 0x80, fixMost: 15, wide16: 0xde, wide32: 0xdf }))
  for (const [key, member] of table) {
    write(key, out)
    write(member, out)
  }
}

interface HeadBytes {
  readonly fix?: number
  readonly fixMost?: number
  readonly wide16: number
  readonly wide32: number
}

function head(length: number, { fix, fixMost = -1, wide16, wide32 }: HeadBytes): Buffer {
  if (fix !== undefined && length <= fixMost) return Buffer.of(fix | length)
  const wide = length > 0xffff
  const bytes = Buffer.alloc(wide ? 5 : 3)
  bytes[0] = wide ? wide32 : wide16
  bytes.writeUIntBE(length, 1, wide ? 4 : 2)
  return bytes
}

function encodeNumber(value: number): Buffer {
  if (!Number.isInteger(value) || value >= LARGEST_INTEGER || value <= -LARGEST_INTEGER) {
    const bytes = Buffer.alloc(9)
    bytes[0] = 0xcb
    bytes.writeDoubleBE(value, 1)
    return bytes
  }
  return value >= 0 ? encodeUnsigned(value) : encodeNegative(value)
}

function encodeUnsigned(value: number): Buffer {
  if (value <= 0x7f) return Buffer.of(value)
  if (value <= 0xff) return Buffer.of(0xcc, value)
  if (value <= 0xffff) return Buffer.of(0xcd, value >> 8, value & 0xff)
  const bytes = Buffer.alloc(value <= 0xffff_ffff ? 5 : 9)
  bytes[0] = bytes.length === 5 ? 0xce : 0xcf
  if (bytes.length === 5) bytes.writeUInt32BE(value, 1)
  else bytes.writeBigUInt64BE(BigInt(value), 1)
  return bytes
}

function encodeNegative(value: number): Buffer {
  if (value >= -0x20) return Buffer.of(value + 0x100)
  if (value >= -0x80) return Buffer.of(0xd0, value + 0x100)
  const width = value >= -0x8000 ? 2 : value >= -0x8000_0000 ? 4 : 8
  const bytes = Buffer.alloc(1 + width)
  bytes[0] = width === 2 ? 0xd1 : width === 4 ? 0xd2 : 0xd3
  if (width === 8) bytes.writeBigInt64BE(BigInt(value), 1)
  else bytes.writeIntBE(value, 1, width)
  return bytes
}
