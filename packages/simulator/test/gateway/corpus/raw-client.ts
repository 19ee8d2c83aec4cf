import { connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { bytesToCorpus, corpusBytes, type CorpusCase } from '../../model/corpus/corpus-case.js'
import { parseHead, takeChunked } from './raw-http.js'

type CorpusRequest = CorpusCase['request']

/** What the client saw, in the corpus's form, and the port it came from. */
export interface ClientOutcome {
  readonly client: Record<string, unknown> & { headers?: readonly (readonly [string, string])[] }
  readonly port: number
}

/** Time after an interim response, and after a head without body, in which more may come, in ms. */
const AFTER_INTERIM_MS = 250
const AFTER_HEAD_MS = 30

/** Sends the request of a case byte for byte and reads the answer as the recorder did. */
export function sendRecorded(request: CorpusRequest, ports: { readonly plain: number; readonly tls: number }): Promise<ClientOutcome> {
  return request.version === 'HTTP/2' ? sendHttp2(request, ports.tls) : sendHttp1(request, ports)
}

function sendHttp1(request: CorpusRequest, ports: { readonly plain: number; readonly tls: number }): Promise<ClientOutcome> {
  return new Promise((resolve) => {
    const target = { host: '127.0.0.1', port: request.tls === true ? ports.tls : ports.plain }
    const socket: Socket =
      request.tls === true
        ? connectTls({ ...target, rejectUnauthorized: false, servername: 'gw.test', ALPNProtocols: ['http/1.1'] })
        : connect(target)
    let received = Buffer.alloc(0)
    let port = 0
    let quiet: NodeJS.Timeout | undefined
    const finish = (client: ClientOutcome['client']): void => {
      clearTimeout(patience)
      clearTimeout(quiet)
      socket.destroy()
      resolve({ client, port })
    }
    const patience = setTimeout(() => finish(unfinished(received)), request.timeout ?? (request.target === '/dns' ? 9000 : 1500))
    const look = (ended: boolean): void => {
      const outcome = readAnswer(received, request.method, ended)
      if (outcome === undefined) return
      clearTimeout(quiet)
      if (outcome.afterMs === 0) finish(outcome.client)
      else quiet = setTimeout(() => finish(outcome.client), outcome.afterMs)
    }
    socket.on('error', (error: NodeJS.ErrnoException) => (received.length > 0 ? look(true) : finish({ error: error.code })))
    socket.once(request.tls === true ? 'secureConnect' : 'connect', () => {
      port = socket.localPort ?? 0
      write(socket, request)
    })
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      look(false)
    })
    socket.on('end', () => look(true))
  })
}

function write(socket: Socket, request: CorpusRequest): void {
  const lines = Buffer.from(request.headers.map(([name, value]) => `${name}: ${value}\r\n`).join(''), 'utf8').toString('latin1')
  const start = Buffer.from(`${request.method} ${request.target} ${request.version}\r\n`, 'utf8')
  const head = Buffer.concat([start, Buffer.from(`${request.wire_head ?? lines}\r\n`, 'latin1')])
  const body = Buffer.from(corpusBytes(request.wire_body ?? request.body), 'latin1')
  const { after, ms } = request.pause ?? { after: body.length, ms: 0 }
  socket.write(Buffer.concat([head, body.subarray(0, after)]))
  if (request.pause !== undefined) setTimeout(() => socket.write(body.subarray(after)), ms)
}

function readAnswer(bytes: Buffer, method: string, ended: boolean): { client: ClientOutcome['client']; afterMs: number } | undefined {
  const now = (client: ClientOutcome['client']): { client: ClientOutcome['client']; afterMs: number } => ({ client, afterMs: 0 })
  const corpus = (part: Buffer): unknown => bytesToCorpus(part.toString('latin1'))
  const head = parseHead(bytes)
  const [, version, statusText, reason = ''] = /^(HTTP\/\d\.\d) (\d+) ?(.*)$/.exec(head?.firstLine ?? '') ?? []
  if (head === undefined || version === undefined)
    return ended ? now(bytes.length > 0 ? { raw: corpus(bytes) } : { closed: true }) : undefined
  const status = Number(statusText)
  const answer = { version, status, reason, headers: head.headers }
  const rest = bytes.subarray(head.length)
  if (status < 200) return { client: { ...answer, body: '', after: corpus(rest) }, afterMs: ended ? 0 : AFTER_INTERIM_MS }
  if (method === 'HEAD' || status === 204 || status === 304)
    return { client: { ...answer, body: '', ...(rest.length > 0 ? { after: corpus(rest) } : {}) }, afterMs: AFTER_HEAD_MS }
  if (/chunked/i.test(head.value('transfer-encoding') ?? '')) {
    const chunked = takeChunked(rest)
    if (chunked !== undefined) return now({ ...answer, body: corpus(chunked.body) })
    return ended ? now({ ...answer, body: corpus(rest), truncated: true }) : undefined
  }
  const length = head.value('content-length')
  if (length !== undefined && rest.length >= Number(length)) return now({ ...answer, body: corpus(rest.subarray(0, Number(length))) })
  if (!ended) return undefined
  return now({ ...answer, body: corpus(rest), ...(length === undefined ? { until_close: true } : { truncated: true }) })
}

function unfinished(bytes: Buffer): ClientOutcome['client'] {
  const head = parseHead(bytes)
  const [, version, status, reason = ''] = /^(HTTP\/\d\.\d) (\d+) ?(.*)$/.exec(head?.firstLine ?? '') ?? []
  if (head === undefined || version === undefined) return { timeout: true, partial: bytesToCorpus(bytes.toString('latin1')) }
  return {
    timeout: true,
    version,
    status: Number(status),
    reason,
    headers: head.headers,
    body: bytesToCorpus(bytes.subarray(head.length).toString('latin1')),
  }
}

function sendHttp2(request: CorpusRequest, port: number): Promise<ClientOutcome> {
  return new Promise((resolve) => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false, servername: 'gw.test' })
    let clientPort = 0
    const finish = (client: ClientOutcome['client']): void => {
      clearTimeout(patience)
      session.destroy()
      resolve({ client, port: clientPort })
    }
    const patience = setTimeout(() => finish({ timeout: true }), 6000)
    session.on('error', (error: NodeJS.ErrnoException) => finish({ error: error.code ?? error.message }))
    session.on('connect', () => {
      clientPort = session.socket.localPort ?? 0
      const headers: Record<string, string | string[]> = {}
      for (const [name, value] of request.headers) {
        const before = headers[name]
        headers[name] = before === undefined ? value : [before, value].flat()
      }
      const body = corpusBytes(request.body)
      const stream = session.request(headers, { endStream: body === '' })
      const chunks: Buffer[] = []
      let raw: readonly string[] = []
      let trailers: readonly string[] | undefined
      stream.on('response', (_headers, _flags, rawHeaders?: string[]) => (raw = rawHeaders ?? []))
      stream.on('trailers', (_headers, _flags, rawHeaders?: string[]) => (trailers = rawHeaders ?? []))
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('error', () => undefined)
      stream.on('close', () => {
        const pairs = pairsOf(raw)
        const status = pairs.find(([name]) => name === ':status')?.[1]
        finish({
          version: 'HTTP/2',
          status: status === undefined ? null : Number(status),
          headers: pairs.filter(([name]) => name !== ':status'),
          body: bytesToCorpus(Buffer.concat(chunks).toString('latin1')),
          ...(trailers === undefined ? {} : { trailers: pairsOf(trailers) }),
        })
      })
      if (body !== '') stream.end(Buffer.from(body, 'latin1'))
    })
  })
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? ''])
}
