import type { Writable } from 'node:stream'
import type { ClientResponse, HeaderList } from '../../kong/index.js'

/** Writes a response as Kong has put it together. Resolves when the bytes are handed to the system or the client has gone. */
export function writeClientResponse(stream: Writable, response: Extract<ClientResponse, { kind: 'response' }>): Promise<void> {
  const version = response.httpVersion === '2' ? '1.1' : response.httpVersion
  const head = headBytes(`HTTP/${version} ${response.status} ${response.reason}`.trimEnd(), response.headers)
  const body = Buffer.from(response.body.buffer, response.body.byteOffset, response.body.byteLength)
  const framed = response.chunked ? [chunkHead(body.length), body, Buffer.from(body.length === 0 ? '' : '\r\n'), LAST_CHUNK] : [body]
  return writeAll(stream, Buffer.concat([head, ...framed]))
}

/** Writes bytes; resolves also when the other side has gone. */
export function writeAll(stream: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) return resolve()
    const done = (): void => {
      stream.off('close', done)
      resolve()
    }
    stream.once('close', done)
    stream.write(bytes, done)
  })
}

/** A head as bytes: the first line, the headers in their order, an empty line. */
export function headBytes(firstLine: string, headers: HeaderList): Buffer {
  return Buffer.from(`${firstLine}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1')
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n')

function chunkHead(length: number): Buffer {
  return Buffer.from(length === 0 ? '' : `${length.toString(16)}\r\n`)
}
