import { asciiLower } from '@kong-ts/schema/lua'
import type { ClientRequest, HeaderList } from '../http/messages.js'
import type { KongNode } from '../node/kong-node.js'
import { realAddress, TrustedAddresses, type RemoteAddress } from './real-ip.js'
import { RequestBody } from './request-body.js'
import { RequestHeaders } from './request-headers.js'
import { normalizePath, parseTarget, type ParsedTarget } from './request-target.js'

const SERVER_NAME = 'kong'
const UNPARSED: ParsedTarget = { requestUri: '', uri: '', args: undefined, authority: undefined }

/** The client's request as nginx and plugins see it. */
export class RequestState {
  headers: RequestHeaders
  readonly body: RequestBody
  target: ParsedTarget
  readonly targetIsValid: boolean
  readonly trusted: TrustedAddresses
  readonly remote: RemoteAddress
  /** Bytes of request line and headers. */
  headBytes: number
  method: string
  /** `$args`. `set_query` and similar functions change it. */
  args: string | undefined
  readonly #firstHost: string | undefined

  constructor(
    readonly client: ClientRequest,
    readonly node: KongNode,
  ) {
    const { settings } = node
    const parsed = parseTarget(client.target)
    this.targetIsValid = parsed !== undefined
    this.target = parsed ?? UNPARSED
    this.method = client.method
    this.args = this.target.args
    this.headers = new RequestHeaders(client.httpVersion === '2' ? joinCookies(client.headers) : client.headers)
    this.#firstHost = this.headers.first('host')
    this.headBytes =
      `${client.method} ${client.target} HTTP/1.1\r\n\r\n`.length +
      client.headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
    this.body = new RequestBody(client, this.headBytes, {
      buffer: settings.clientBodyBufferSize,
      longest: settings.clientMaxBodySize || Infinity,
    })
    this.trusted = new TrustedAddresses(settings.trustedIps)
    this.remote = realAddress(client.peer, this.headers, settings, this.trusted)
  }

  /** `$host`: lower case, without the port. A Host header that a plugin set counts. Without any it is the server's name. */
  get host(): string {
    const current = this.headers.first('host')
    const name = hostName((current === this.#firstHost ? this.target.authority : undefined) ?? current ?? '')
    return name === '' ? SERVER_NAME : name
  }

  /** The host that the router compares: the client's Host header, even when a plugin changed it. */
  get hostForRouting(): string {
    return this.#firstHost ?? this.host
  }

  /** Drops headers and target, because nginx could not read the request line. */
  forget(): void {
    this.headers = new RequestHeaders([])
    this.target = UNPARSED
    this.args = undefined
    this.headBytes = 0
  }

  get scheme(): 'http' | 'https' {
    return this.client.tls ? 'https' : 'http'
  }

  /** `$request_uri` without the query. */
  get rawPath(): string {
    const uri = this.target.requestUri
    const at = uri.indexOf('?', 1)
    return at < 0 ? uri : uri.slice(0, at)
  }

  /** `kong.request.get_path`. */
  get path(): string {
    return normalizePath(this.rawPath)
  }

  get httpVersion(): number {
    return Number(this.client.httpVersion)
  }

  /** True for a gRPC call: content type and HTTP/2. */
  get isGrpc(): boolean {
    return this.client.httpVersion === '2' && (this.headers.first('content-type')?.startsWith('application/grpc') ?? false)
  }

  /** `kong.ip.is_trusted`. */
  isTrusted(address: string): boolean {
    return this.trusted.everything || this.trusted.has(address)
  }

  get peerIsTrusted(): boolean {
    return this.isTrusted(this.client.peer.ip)
  }

  /** `kong.request.get_header`. */
  header(name: string): string | undefined {
    return this.headers.header(name, this.node.settings.luaMaxReqHeaders)
  }
}

/** A host in lower case, without port and trailing dot. */
function hostName(authority: string): string {
  const bracketed = /^\[[^\]]*\]/.exec(authority)?.[0]
  const name = bracketed ?? authority.split(':', 1)[0] ?? ''
  return asciiLower(name.endsWith('.') && !bracketed ? name.slice(0, -1) : name)
}

/** nginx joins the pieces in which an HTTP/2 client may send its cookies. */
function joinCookies(headers: HeaderList): HeaderList {
  const cookies = headers.filter(([name]) => asciiLower(name) === 'cookie').map(([, value]) => value)
  if (cookies.length < 2) return headers
  return [...headers.filter(([name]) => asciiLower(name) !== 'cookie'), ['cookie', cookies.join('; ')]]
}
