import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { isPhase } from '../../src/server.js'
import { type Phase } from '../../src/index.js'

/** One PDK call that a real Kong got. */
export interface RecordedCall {
  readonly id: string
  readonly phase: Phase
  readonly method: string
  readonly args: unknown
  readonly outcome: 'answered' | 'raised' | 'final' | 'aborted'
  /** Why Kong raised. */
  readonly because?: 'phase' | 'argument'
  readonly value?: unknown
  /** `Content-Type` of the request, where it decides. */
  readonly contentType?: string
}

export function readData(name: string): string {
  const bytes = readFileSync(new URL(`../data/${name}`, import.meta.url))
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

function readLines(name: string): Record<string, unknown>[] {
  return readData(name)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** The distinct calls of the corpus. */
export function corpusCalls(): RecordedCall[] {
  return readLines('pdk-corpus-calls.jsonl.gz').map((line) => ({
    ...base(line),
    id: String(line.id),
    outcome: outcomeOf(line.outcome),
    ...(line.because === 'phase' || line.because === 'argument' ? { because: line.because } : {}),
    ...(typeof line.contentType === 'string' ? { contentType: line.contentType } : {}),
  }))
}

/** The calls and answers in the recorded bytes. */
export function transcriptCalls(): RecordedCall[] {
  return readLines('transcript-calls.jsonl.gz').map((line) => ({ ...base(line), id: String(line.transcript), outcome: 'answered' }))
}

function base(line: Record<string, unknown>) {
  const phase = String(line.phase)
  if (!isPhase(phase)) throw new Error(`no phase: ${phase}`)
  return { phase, method: String(line.method), args: decodeRecorded(line.args), value: decodeRecorded(line.value) }
}

function outcomeOf(outcome: unknown): RecordedCall['outcome'] {
  if (outcome === 'answered' || outcome === 'raised' || outcome === 'final' || outcome === 'aborted') return outcome
  throw new Error(`no outcome: ${String(outcome)}`)
}

/** A map with keys that are not text, or an extension: neither can be said to a carrier. */
export class Inexpressible {
  readonly encoded: unknown

  constructor(encoded: unknown) {
    this.encoded = encoded
  }
}

/** Decodes a recorded value into what a carrier hands over: maps without prototype, bytes as Uint8Array, nil as undefined. */
export function decodeRecorded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => decodeRecorded(element))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [key, inner] = entries[0] ?? ['']
  switch (key) {
    case '$absent':
      return undefined
    case '$bin':
      return Uint8Array.from(Buffer.from(String(inner), 'base64'))
    case '$str64':
      return textOf(Buffer.from(String(inner), 'base64'))
    case '$f64':
    case '$u64':
    case '$i64':
      return inner === 'nan' ? NaN : inner === 'inf' ? Infinity : inner === '-inf' ? -Infinity : Number(inner)
    case '$map':
      return decodeMap(value, inner)
    case '$ext':
      return new Inexpressible(value)
    case '$json':
      return JSON.stringify(inner)
    default:
      return Object.assign(Object.create(null), Object.fromEntries(entries.map(([name, element]) => [name, decodeRecorded(element)])))
  }
}

/** Carriers hand bytes that are not UTF-8 over as lone surrogates; what is recorded as such text has no valid character at all. */
function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('')
}

/** As a result it becomes an object with the keys as text, as a carrier hands it over; as an argument it cannot be said. */
function decodeMap(encoded: unknown, pairs: unknown): unknown {
  if (!Array.isArray(pairs)) return new Inexpressible(encoded)
  if (pairs.some(([key]) => typeof key === 'object' || typeof key === 'boolean')) return new Inexpressible(encoded)
  const map: Record<string, unknown> = Object.create(null)
  for (const [key, element] of pairs) map[String(key)] = decodeRecorded(element)
  return numberKeyed(map, pairs)
}

const NUMBER_KEYED = new WeakSet<object>()

function numberKeyed(map: object, pairs: readonly (readonly unknown[])[]): object {
  if (pairs.some(([key]) => typeof key === 'number')) NUMBER_KEYED.add(map)
  return map
}

/** Tells whether a value holds something that plain data of JavaScript cannot say: number keys, keys that are no text, extensions. */
export function holdsInexpressible(value: unknown): boolean {
  if (value instanceof Inexpressible) return true
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false
  return NUMBER_KEYED.has(value) || Object.values(value).some(holdsInexpressible)
}
