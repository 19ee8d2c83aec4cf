import { connect } from 'node:net'
// The answer comes from another process and may be anything; the library reads and checks it.
import { decode, encode } from '@msgpack/msgpack'
import type { Counters } from '../metrics/counters.js'

/** What a plugin server tells about itself when asked on its socket. */
export interface ServerStatus {
  readonly pid: number
  /** Names of the plugins it serves. */
  readonly plugins: readonly string[]
  readonly counters: Readonly<Counters>
}

/**
 * The bytes of the question: a MsgPack:1 call of `plugin.GetStatus`, as in Kong's Go plugin server. A kong-ts server answers it on both protocols:
 * no frame of ProtoBuf:1 begins with these bytes.
 */
export const STATUS_QUESTION: Buffer = Buffer.from(encode([0, 0, 'plugin.GetStatus', []]))

const HEAD = Buffer.of(0x94, 0x01, 0x00)

/** The answer to `STATUS_QUESTION`. */
export function encodeStatus({ pid, plugins, counters }: ServerStatus): Uint8Array {
  return encode([1, 0, null, { Pid: pid, Plugins: plugins, Counters: counters }])
}

/** Tells whether these bytes can become an answer when more follow. An answer begins with `[1, 0, …]` of four parts. */
function mayBecomeAnswer(bytes: Uint8Array): boolean {
  return HEAD.subarray(0, bytes.length).equals(bytes.subarray(0, HEAD.length))
}

/** @returns `undefined` while bytes are missing, and when another program has answered. */
function decodeStatus(bytes: Uint8Array): ServerStatus | undefined {
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

/** The program that listens on a socket path. */
export type SocketOwner =
  /** No program does: the file is left from a server that has ended. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'plugin-server'; readonly status: ServerStatus }
  /** Another program, or a plugin server that does not answer any more. */
  | { readonly kind: 'stranger' }

/** A running server answers in one millisecond, on a busy machine in some. */
const STATUS_TIMEOUT_MS = 5_000
const LONGEST_ANSWER = 64 * 1024

const NO_LISTENER: SocketOwner = Object.freeze({ kind: 'nobody' })
const OTHER_PROCESS: SocketOwner = Object.freeze({ kind: 'stranger' })

/** Asks the program that listens on a socket path which plugins it serves. */
export function askSocketOwner(path: string): Promise<SocketOwner> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const timer = setTimeout(() => finish(OTHER_PROCESS), STATUS_TIMEOUT_MS)
    let answer = Buffer.alloc(0)

    function finish(owner: SocketOwner): void {
      clearTimeout(timer)
      socket.destroy()
      resolve(owner)
    }

    socket.on('connect', () => socket.write(STATUS_QUESTION))
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk])
      const status = decodeStatus(answer)
      if (status !== undefined) finish({ kind: 'plugin-server', status })
      else if (!mayBecomeAnswer(answer) || answer.length > LONGEST_ANSWER) finish(OTHER_PROCESS)
    })
    socket.on('error', (error) =>
      finish('code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') ? NO_LISTENER : OTHER_PROCESS),
    )
    socket.on('close', () => finish(OTHER_PROCESS))
  })
}
