import type { ClientRequest } from '../http/messages.js'
import type { KongNode } from '../node/kong-node.js'
import { TrustedAddresses } from '../net/trusted-addresses.js'
import { RequestBody } from '../request/request-body.js'
import { RequestHeaders } from '../request/request-headers.js'
import { realAddress, type RemoteAddress } from '../request/real-ip.js'
import { normalizePath } from '../request/kong-path.js'
import { parseTarget, type ParsedTarget } from '../request/request-line.js'
import { asciiLower } from '../lua/lua-text.js'

const UNPARSED: ParsedTarget = { requestUri: '', uri: '', args: undefined, authority: undefined }

/** The client's request as nginx and plugins see it. */
export class RequestState {
  readonly headers: RequestHeaders
  readonly body: RequestBody
  readonly target: ParsedTarget
  readonly targetIsValid: boolean
  readonly trusted: TrustedAddresses
  readonly remote: RemoteAddress
  /** `$host`: lower case, no port. */
  readonly host: string
  /** Bytes of request line and headers. */
  readonly headBytes: number
  method: string
  /** `$args`, changed by `set_query` and its like. */
  args: string | undefined

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
    this.headers = new RequestHeaders(client.headers)
    this.headBytes = `${client.method} ${client.target} HTTP/1.1\r\n\r\n`.length + client.headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
    this.body = new RequestBody(client, this.headBytes, settings.clientBodyBufferSize)
    this.trusted = new TrustedAddresses(settings.trustedIps)
    this.remote = realAddress(client.peer, this.headers, settings, this.trusted)
    this.host = hostName(this.target.authority ?? this.headers.first('host') ?? '')
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

  get path(): string {
    return normalizePath(this.rawPath)
  }

  get httpVersion(): number {
    return Number(this.client.httpVersion)
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

/** A host without port and trailing dot, in lower case. */
function hostName(authority: string): string {
  const bracketed = /^\[[^\]]*\]/.exec(authority)?.[0]
  const name = bracketed ?? authority.split(':', 1)[0] ?? ''
  return asciiLower(name.endsWith('.') && !bracketed ? name.slice(0, -1) : name)
}
