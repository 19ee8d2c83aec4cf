import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A frame that Kong 3.9.1 or a Go plugin server sent, and what it was found to mean. */
export interface RecordedFrame {
  readonly fromKong: boolean
  /** `RpcCall`, `RpcReturn`, `method`, `args`, `reply`, or the end of an event. */
  readonly kind: string
  /** The method that arguments and replies belong to. */
  readonly method: string
  readonly bytes: Buffer
  readonly value: unknown
}

interface RecordedRead {
  readonly conn?: string
  readonly dir?: 'kong->server' | 'server->kong'
  readonly b64?: string
  readonly decoded?: readonly { readonly frame: string; readonly of?: string; readonly len: number; readonly value?: unknown }[]
}

/** The frames of one recording, cut out of the bytes that were seen on the sockets. */
export function recordedFrames(name: string): readonly RecordedFrame[] {
  const lines = gunzipSync(readFileSync(new URL(`../data/391-pb-${name}.jsonl.gz`, import.meta.url)))
    .toString()
    .trim()
    .split('\n')
  const unfinished = new Map<string, Buffer>()
  return lines.flatMap((line) => {
    const { conn = '', dir = 'kong->server', b64 = '', decoded = [] } = JSON.parse(line) as RecordedRead
    let bytes = Buffer.concat([unfinished.get(conn + dir) ?? Buffer.alloc(0), Buffer.from(b64, 'base64')])
    const frames = decoded.map(({ frame: kind, of: method = '', len, value }): RecordedFrame => {
      if (bytes.readUInt32LE() !== len) throw new Error(`recording ${name}: a frame of ${len} bytes expected`)
      const content = bytes.subarray(4, 4 + len)
      bytes = bytes.subarray(4 + len)
      return { fromKong: dir === 'kong->server', kind, method, bytes: content, value }
    })
    unfinished.set(conn + dir, bytes)
    return frames
  })
}

/** The recordings: many calls, exits and raises, restarts, a refused start. */
export const RECORDINGS = ['a-getset', 'b-exit', 'e-restart', 'f-start-error'] as const
