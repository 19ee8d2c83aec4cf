import { decode, encode } from '@msgpack/msgpack'
import type { Counters } from '../metrics/counters.js'

/** What a plugin server says of itself to whoever connects to its socket and asks. */
export interface ServerStatus {
  readonly pid: number
  /** Names of the plugins it serves. */
  readonly plugins: readonly string[]
  readonly counters: Readonly<Counters>
}

/**
 * The question, in bytes: a MsgPack:1 call of `plugin.GetStatus`, which old tools of Kong's Go plugin server know. A kong-ts server answers it
 * on every socket, whatever protocol Kong speaks there; to ProtoBuf:1 these bytes are nonsense, so nothing is hidden.
 */
export const STATUS_QUESTION: Buffer = Buffer.from(encode([0, 0, 'plugin.GetStatus', []]))

/** The answer to `STATUS_QUESTION`. */
export function encodeStatus({ pid, plugins, counters }: ServerStatus): Uint8Array {
  return encode([1, 0, null, { Pid: pid, Plugins: plugins, Counters: counters }])
}

/** Tells whether more bytes can still make an answer of these: `[1, 0, …]` with four parts. */
export function isBeginOfAnswer(bytes: Uint8Array): boolean {
  return HEAD.subarray(0, bytes.length).equals(bytes.subarray(0, HEAD.length))
}

const HEAD = Buffer.of(0x94, 0x01, 0x00)

/** @returns `undefined` while bytes are missing, and for the answer of somebody else. */
export function decodeStatus(bytes: Uint8Array): ServerStatus | undefined {
  let message: unknown
  try {
    message = decode(bytes)
  } catch {
    return undefined
  }
  const result: unknown = Array.isArray(message) ? message[3] : undefined
  if (typeof result !== 'object' || result === null || !('Pid' in result) || !('Plugins' in result) || !('Counters' in result))
    return undefined
  const { Pid: pid, Plugins: plugins, Counters: counters } = result
  if (typeof pid !== 'number' || !isTextList(plugins) || !isCounters(counters)) return undefined
  return { pid, plugins, counters }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** A server of another version may count more or less. */
function isCounters(value: unknown): value is Counters {
  return typeof value === 'object' && value !== null && Object.values(value).every((count) => typeof count === 'number')
}
