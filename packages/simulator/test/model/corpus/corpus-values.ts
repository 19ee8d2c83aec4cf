import { type LuaKey, LuaTable, type LuaValue, toLuaText } from '@kong-ts/schema/lua'
import { isRecord } from './normalise.js'

/** The corpus's JSON form of a msgpack value. `pdk-corpus.md` describes the forms. */
export type CorpusValue = unknown

/** An argument of a case as Kong's Lua code gets it: without ext types and nil members, bin and str both as text. */
export function argumentFromCorpus(value: CorpusValue): LuaValue {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string') return toLuaText(value)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return LuaTable.list(value.map(argumentFromCorpus))
  if (!isRecord(value)) throw new TypeError('not a corpus value')
  if ('$f64' in value) return floatFromCorpus(value['$f64'])
  if ('$u64' in value) return Number(value['$u64'])
  if ('$i64' in value) return Number(value['$i64'])
  if ('$str64' in value) return fromBase64(value['$str64'])
  if ('$bin' in value) return fromBase64(value['$bin'])
  if ('$ext' in value) return undefined
  if (Array.isArray(value['$map'])) return tableFromPairs(value['$map'])
  return LuaTable.record(Object.entries(value).map(([key, member]) => [toLuaText(key), argumentFromCorpus(member)]))
}

function floatFromCorpus(value: unknown): number {
  if (value === 'nan') return Number.NaN
  if (value === 'inf') return Infinity
  return value === '-inf' ? -Infinity : Number(value)
}

function fromBase64(value: unknown): string {
  return Buffer.from(String(value), 'base64').toString('latin1')
}

function tableFromPairs(pairs: readonly unknown[]): LuaTable {
  const table = new LuaTable()
  for (const pair of pairs) {
    const [rawKey, member] = Array.isArray(pair) ? pair : []
    const key = argumentFromCorpus(rawKey)
    if (key !== undefined && key !== null && !(key instanceof Uint8Array)) table.set(key, argumentFromCorpus(member))
  }
  return table
}

/** The Data of a Step in the corpus's form. A Step without Data is `{"$absent": true}`. */
export function stepDataToCorpus(value: LuaValue): CorpusValue {
  return value === undefined ? { $absent: true } : toCorpus(value)
}

/** The value that Kong packs, in the corpus's form. */
export function toCorpus(value: LuaValue): CorpusValue {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return numberToCorpus(value)
  if (typeof value === 'string') return textToCorpus(value)
  if (value instanceof Uint8Array) return { $bin: Buffer.from(value).toString('base64') }
  const items = value.asArray()
  if (items) return items.map(toCorpus)
  return mapToCorpus([...value])
}

function numberToCorpus(value: number): CorpusValue {
  if (Number.isNaN(value)) return { $f64: 'nan' }
  if (!Number.isFinite(value)) return { $f64: value > 0 ? 'inf' : '-inf' }
  if (!Number.isInteger(value)) return value
  return Math.abs(value) >= Number.MAX_SAFE_INTEGER ? { $f64: value } : value
}

function textToCorpus(value: string): CorpusValue {
  const bytes = Buffer.from(value, 'latin1')
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : { $str64: bytes.toString('base64') }
}

function mapToCorpus(entries: readonly (readonly [LuaKey, LuaValue])[]): CorpusValue {
  const pairs = entries.map(([key, member]) => [toCorpus(key), toCorpus(member)] as const)
  const plain = pairs.every(([key]) => typeof key === 'string' && !key.startsWith('$') && key !== '__proto__')
  if (plain)
    return Object.fromEntries(
      pairs.map(([key, member]) => [String(key), member]).sort(([left], [right]) => (String(left) < String(right) ? -1 : 1)),
    )
  return { $map: [...pairs].sort(([left], [right]) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)) }
}
