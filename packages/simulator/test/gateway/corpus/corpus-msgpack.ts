import { isRecord } from '../../model/corpus/normalise.js'

/** Thrown when bytes are missing. */
class Incomplete extends Error {}

/**
 * Decodes one msgpack value into the corpus's form (see pdk-corpus.md), which keeps text, binaries, integers and floats apart; undefined
 * when bytes are missing. Types that Kong never sends are an error unless a plugin server is the sender.
 */
export function decodeCorpus(
  bytes: Buffer,
  sender: 'kong' | 'server' = 'kong',
): { readonly value: unknown; readonly length: number } | undefined {
  const decoder = new CorpusDecoder(bytes, sender)
  try {
    const value = decoder.value()
    return { value, length: decoder.position }
  } catch (error) {
    if (error instanceof Incomplete) return undefined
    throw error
  }
}

class CorpusDecoder {
  position = 0

  constructor(
    private readonly bytes: Buffer,
    private readonly sender: 'kong' | 'server',
  ) {}

  value(): unknown {
    const type = this.bytes.readUInt8(this.take(1))
    if (type <= 0x7f) return type
    if (type >= 0xe0) return type - 256
    if (type <= 0x8f) return this.map(type & 15)
    if (type <= 0x9f) return this.array(type & 15)
    if (type <= 0xbf) return this.text(type & 31)
    switch (type) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
        return this.binary(this.unsigned(1))
      case 0xc5:
        return this.binary(this.unsigned(2))
      case 0xc6:
        return this.binary(this.unsigned(4))
      case 0xcb:
        return float(this.bytes.readDoubleBE(this.take(8)))
      case 0xcc:
        return this.unsigned(1)
      case 0xcd:
        return this.unsigned(2)
      case 0xce:
        return this.unsigned(4)
      case 0xcf:
        return Number(this.bytes.readBigUInt64BE(this.take(8)))
      case 0xd0:
        return this.bytes.readInt8(this.take(1))
      case 0xd1:
        return this.bytes.readInt16BE(this.take(2))
      case 0xd2:
        return this.bytes.readInt32BE(this.take(4))
      case 0xd3:
        return Number(this.bytes.readBigInt64BE(this.take(8)))
      case 0xda:
        return this.text(this.unsigned(2))
      case 0xdb:
        return this.text(this.unsigned(4))
      case 0xdc:
        return this.array(this.unsigned(2))
      case 0xdd:
        return this.array(this.unsigned(4))
      case 0xde:
        return this.map(this.unsigned(2))
      case 0xdf:
        return this.map(this.unsigned(4))
      default:
        return this.unusual(type)
    }
  }

  private unusual(type: number): unknown {
    if (this.sender === 'kong') throw new Error(`Kong never sends msgpack type ${type.toString(16)}`)
    if (type === 0xd9) return this.text(this.unsigned(1))
    if (type === 0xca) return float(this.bytes.readFloatBE(this.take(4)))
    throw new Error(`no recorded plugin server sends msgpack type ${type.toString(16)}`)
  }

  private array(length: number): unknown[] {
    return Array.from({ length }, () => this.value())
  }

  private map(length: number): unknown {
    const pairs = Array.from({ length }, () => [this.value(), this.value()] as const)
    const plain = pairs.every(([key]) => typeof key === 'string' && !key.startsWith('$') && key !== '__proto__')
    if (plain) return Object.fromEntries(pairs.map(([key, member]) => [String(key), member]))
    return {
      $map: pairs.sort(([a], [b]) =>
        typeof a === 'number' && typeof b === 'number' ? a - b : JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
      ),
    }
  }

  private text(length: number): unknown {
    const bytes = this.slice(length)
    const text = bytes.toString('utf8')
    return Buffer.from(text, 'utf8').equals(bytes) ? text : { $str64: bytes.toString('base64') }
  }

  private binary(length: number): unknown {
    return { $bin: this.slice(length).toString('base64') }
  }

  private slice(length: number): Buffer {
    const start = this.take(length)
    return this.bytes.subarray(start, start + length)
  }

  private unsigned(width: 1 | 2 | 4): number {
    return this.bytes.readUIntBE(this.take(width), width)
  }

  private take(length: number): number {
    if (this.position + length > this.bytes.length) throw new Incomplete()
    this.position += length
    return this.position - length
  }
}

function float(value: number): unknown {
  if (Number.isNaN(value)) return { $f64: 'nan' }
  if (!Number.isFinite(value)) return { $f64: value > 0 ? 'inf' : '-inf' }
  return Number.isInteger(value) ? { $f64: value } : value
}

/** Encodes a value in the corpus's form, always with the widest heads. */
export function encodeCorpus(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.of(0xc0)
  if (typeof value === 'boolean') return Buffer.of(value ? 0xc3 : 0xc2)
  if (typeof value === 'number')
    return Number.isInteger(value) && Number.isSafeInteger(value) ? wide(0xd3, BigInt.asUintN(64, BigInt(value))) : double(value)
  if (typeof value === 'string') return sized(0xdb, Buffer.from(value, 'utf8'))
  if (Array.isArray(value)) return Buffer.concat([counted(0xdd, value.length), ...value.map(encodeCorpus)])
  if (!isRecord(value)) throw new TypeError('no value of the corpus')
  return encodeTagged(value) ?? encodePairs(Object.entries(value))
}

function encodeTagged(value: Readonly<Record<string, unknown>>): Buffer | undefined {
  const base64 = (text: unknown): Buffer => Buffer.from(String(text), 'base64')
  if ('$f64' in value) return double({ nan: Number.NaN, inf: Infinity, '-inf': -Infinity }[String(value['$f64'])] ?? Number(value['$f64']))
  if ('$u64' in value) return wide(0xcf, BigInt(String(value['$u64'])))
  if ('$i64' in value) return wide(0xd3, BigInt.asUintN(64, BigInt(String(value['$i64']))))
  if ('$str64' in value) return sized(0xdb, base64(value['$str64']))
  if ('$bin' in value) return sized(0xc6, base64(value['$bin']))
  if (Array.isArray(value['$map'])) return encodePairs(value['$map'])
  if (!Array.isArray(value['$ext'])) return undefined
  const [type, data] = value['$ext']
  const bytes = base64(data)
  return Buffer.concat([Buffer.of(0xc7, bytes.length, Number(type) & 255), bytes])
}

function encodePairs(pairs: readonly (readonly [unknown, unknown])[]): Buffer {
  return Buffer.concat([counted(0xdf, pairs.length), ...pairs.flatMap(([key, member]) => [encodeCorpus(key), encodeCorpus(member)])])
}

function counted(type: number, count: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes[0] = type
  bytes.writeUInt32BE(count, 1)
  return bytes
}

function sized(type: number, bytes: Buffer): Buffer {
  return Buffer.concat([counted(type, bytes.length), bytes])
}

function wide(type: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9)
  bytes[0] = type
  bytes.writeBigUInt64BE(value, 1)
  return bytes
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9)
  bytes[0] = 0xcb
  bytes.writeDoubleBE(value, 1)
  return bytes
}
