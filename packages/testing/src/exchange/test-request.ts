import { Buffer } from 'node:buffer'
import { KongTsError } from '@kong-ts/core'
import type { ClientRequest, HeaderList } from '@kong-ts/simulator'

/** Headers of a test. A list as value is sent as several lines. */
export type TestHeaders = Readonly<Record<string, string | number | readonly string[]>> | readonly (readonly [string, string])[]

/** A client's request. Everything has a default: `GET http://localhost/`. */
export interface TestRequest {
  readonly method?: string
  /** A path with query, or an absolute URL, which also gives host and scheme. */
  readonly url?: string
  readonly headers?: TestHeaders
  /** Text, bytes, or any other value, which is sent as JSON. */
  readonly body?: unknown
  readonly httpVersion?: '1.0' | '1.1' | '2'
  /** Address of the client, `127.0.0.1` by default. */
  readonly clientIp?: string
}

const HTTP_PORT = 8000
const HTTPS_PORT = 8443
const CLIENT_PORT = 40000

/** Completes a test's request to one that Kong reads: adds Host, Content-Length and, for JSON, Content-Type when they are missing. */
export function clientRequest(request: TestRequest): ClientRequest {
  const url = parseUrl(request.url ?? '/')
  const { bytes, isJson } = bodyBytes(request.body)
  const headers = [...headerLines(request.headers)]
  function has(wanted: string): boolean {
    return headers.some(([name]) => name.toLowerCase() === wanted)
  }
  if (!has('host')) headers.unshift(['Host', url.host])
  if (isJson && !has('content-type')) headers.push(['Content-Type', 'application/json'])
  if (bytes.length > 0 && !has('content-length') && !has('transfer-encoding')) headers.push(['Content-Length', String(bytes.length)])
  return {
    method: request.method ?? 'GET',
    target: Buffer.from(url.target, 'utf8').toString('latin1'),
    httpVersion: request.httpVersion ?? '1.1',
    headers: headers.map(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')] as const),
    body: bytes,
    ...(url.tls ? { tls: { serverName: url.hostname, version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } } : {}),
    peer: { ip: request.clientIp ?? '127.0.0.1', port: CLIENT_PORT },
    local: { ip: '127.0.0.1', port: url.tls ? HTTPS_PORT : HTTP_PORT },
  }
}

/** Header lines in order. */
export function headerLines(headers: TestHeaders | undefined): HeaderList {
  if (headers === undefined) return []
  if (isLineList(headers)) return headers
  return Object.entries(headers).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((item) => [name, String(item)] as const) : [[name, String(value)] as const],
  )
}

function isLineList(headers: TestHeaders): headers is HeaderList {
  return Array.isArray(headers)
}

/** Bytes of a body. Text and bytes stay as they are, other values become JSON. */
export function bodyBytes(body: unknown): { readonly bytes: Uint8Array; readonly isJson: boolean } {
  if (body === undefined) return { bytes: new Uint8Array(), isJson: false }
  if (body instanceof Uint8Array) return { bytes: body, isJson: false }
  if (typeof body === 'string') return { bytes: new Uint8Array(Buffer.from(body, 'utf8')), isJson: false }
  return { bytes: new Uint8Array(Buffer.from(JSON.stringify(body), 'utf8')), isJson: true }
}

interface TestUrl {
  readonly host: string
  readonly hostname: string
  readonly target: string
  readonly tls: boolean
}

function parseUrl(url: string): TestUrl {
  const absolute = /^(https?):\/\/([^/?#]+)(.*)$/i.exec(url)
  if (!absolute) {
    if (!url.startsWith('/')) throw new KongTsError('ERR_TEST', `"${url}" is not a request URL: start it with / or http://`)
    return { host: 'localhost', hostname: 'localhost', target: url, tls: false }
  }
  const [, scheme = 'http', host = 'localhost', rest = ''] = absolute
  return {
    host,
    hostname: host.replace(/:\d+$/, ''),
    target: rest.startsWith('/') ? rest : `/${rest}`,
    tls: scheme.toLowerCase() === 'https',
  }
}
