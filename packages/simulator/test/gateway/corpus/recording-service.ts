import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { bytesToCorpus, corpusBytes, type CorpusReply } from '../../model/corpus/corpus-case.js'
import { parseHead, takeChunked } from './raw-http.js'

interface Received {
  readonly upstream: string
  readonly request_line: string
  readonly headers: readonly (readonly [string, string])[]
  complete: boolean
  body?: unknown
}

const DEFAULT_REPLY: CorpusReply = {
  status: 200,
  reason: 'OK',
  headers: [
    ['Content-Type', 'text/plain'],
    ['X-Upstream', 'yes'],
    ['X-Multi', 'a'],
    ['X-Multi', 'b'],
    ['Content-Length', '8'],
  ],
  body: 'upstream',
}

/** The three services of the recordings on real ports: they note what they get, byte by byte, and answer as the case says. */
export class RecordingServices {
  received: Received[] = []
  private reply: CorpusReply | undefined
  private readonly servers: Server[] = []
  private readonly connections = new Set<Socket>()

  /** @returns the ports of A, B and TLS. */
  async listen(identity: { readonly key: string; readonly cert: string }): Promise<readonly [number, number, number]> {
    const serve = (name: string) => (socket: Socket) => this.serve(name, socket)
    return [
      await this.open(createServer(serve('A'))),
      await this.open(createServer(serve('B'))),
      await this.open(createTlsServer(identity, serve('TLS'))),
    ]
  }

  begin(reply: CorpusReply | undefined): void {
    this.received = []
    this.reply = reply
  }

  close(): void {
    for (const server of this.servers) server.close()
    for (const socket of this.connections) socket.destroy()
  }

  private open(server: Server): Promise<number> {
    this.servers.push(server)
    server.on('connection', (socket: Socket) => {
      this.connections.add(socket)
      socket.on('error', () => socket.destroy())
      socket.once('close', () => this.connections.delete(socket))
    })
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(portOf(server.address()))))
  }

  private serve(upstream: string, socket: Socket): void {
    let buffer = Buffer.alloc(0)
    let current: Received | undefined
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk])
      for (;;) {
        const head = parseHead(buffer)
        if (head === undefined) return
        if (current === undefined) {
          current = { upstream, request_line: head.firstLine, headers: head.headers, complete: false }
          this.received.push(current)
        }
        const rest = buffer.subarray(head.length)
        const announced = Number(head.value('content-length') ?? 0)
        const chunked = /chunked/i.test(head.value('transfer-encoding') ?? '') ? takeChunked(rest) : undefined
        if (/chunked/i.test(head.value('transfer-encoding') ?? '') && chunked === undefined) return
        if (chunked === undefined && rest.length < announced) return
        current.body = bytesToCorpus((chunked?.body ?? rest.subarray(0, announced)).toString('latin1'))
        current.complete = true
        buffer = rest.subarray(chunked?.length ?? announced)
        this.answer(socket, current.request_line)
        current = undefined
      }
    })
  }

  private answer(socket: Socket, requestLine: string): void {
    const reply: CorpusReply = { ...DEFAULT_REPLY, ...this.reply }
    setTimeout(() => {
      if (reply.close === true) return void socket.destroy()
      if (reply.raw !== undefined) socket.write(corpusBytes(reply.raw), 'latin1')
      else {
        const head = `HTTP/1.1 ${reply.status} ${reply.reason ?? 'X'}\r\n${(reply.headers ?? []).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
        socket.write(head + (requestLine.startsWith('HEAD ') ? '' : corpusBytes(reply.body)), 'latin1')
      }
      if (reply.end === true) socket.end()
    }, reply.delay ?? 0)
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return address.port
}
