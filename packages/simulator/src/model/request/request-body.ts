import { KongTsError } from '@kong-ts/core'
import { bytesToText } from '@kong-ts/schema/lua'
import type { ArrivedBody, BodyFault, ClientRequest } from '../http/messages.js'

/** nginx ended the request inside a PDK call. @param status undefined when the client left, or never sent what nginx waits for. */
export class NginxEnd extends Error {
  override readonly name = 'NginxEnd'

  constructor(readonly status: number | undefined) {
    super(`nginx ended the request (${status ?? 'client gone'})`)
  }
}

/** The status with which nginx ends a request whose body it cannot read. undefined: the client left. */
export const BODY_FAULT_STATUS: Readonly<Record<BodyFault, number | undefined>> = {
  ended: undefined,
  timeout: 408,
  malformed: 400,
  'too-large': 413,
}

/** nginx's first read takes at most this many bytes, head included. */
const HEADER_BUFFER = 1024
/** A head that does not fit into it is read into buffers of this size. */
const LARGE_HEADER_BUFFER = 8192

/** How nginx limits bodies, in bytes. */
interface BodyLimits {
  /** `client_body_buffer_size`. */
  readonly buffer: number
  /** `client_max_body_size`; Infinity without a limit. */
  readonly longest: number
}

/** The client's body. nginx reads it on first use, and keeps it in memory or in a temporary file. */
export class RequestBody {
  readonly #request: ClientRequest
  readonly #headBytes: number
  readonly #limits: BodyLimits
  #state: 'awaited' | 'unread' | 'memory' | 'file' | 'empty'
  #text: string
  #fault: BodyFault | undefined
  #received: number

  constructor(request: ClientRequest, headBytes: number, limits: BodyLimits) {
    this.#request = request
    this.#headBytes = headBytes
    this.#limits = limits
    this.#state = request.bodyFollows === true ? 'awaited' : 'unread'
    this.#text = bytesToText(request.body)
    this.#fault = request.bodyComplete === false ? 'ended' : undefined
    this.#received = request.body.length
  }

  /** True while the body is on the connection and the driver has not handed it over. */
  get isAwaited(): boolean {
    return this.#state === 'awaited'
  }

  /** True when the whole body was handed over. */
  get isWhole(): boolean {
    return !this.isAwaited && this.#fault === undefined
  }

  /** True once nginx has read the body. */
  get isRead(): boolean {
    return this.#state !== 'unread' && this.#state !== 'awaited'
  }

  /** Takes over the body that the driver read from the connection. */
  arrived({ bytes, wireBytes, end }: ArrivedBody): void {
    this.#state = 'unread'
    this.#text = bytesToText(bytes)
    this.#received = wireBytes
    this.#fault = end === 'complete' ? undefined : end
  }

  /** Notes how many bytes of the body came in all, whether read here or passed on. */
  receivedInAll(wireBytes: number): void {
    this.#received = wireBytes
  }

  /** Reads the body as `ngx.req.read_body` does. @throws NginxEnd when the body is too large or incomplete. */
  read(): void {
    if (this.isRead) return
    if (this.isAwaited)
      throw new KongTsError(
        'ERR_TEST',
        "the request's body has not been read yet: call bodyArrived before this PDK call, as needsBody tells",
      )
    if (this.#text.length > this.#limits.longest) throw new NginxEnd(413)
    if (this.#fault !== undefined) throw new NginxEnd(BODY_FAULT_STATUS[this.#fault])
    this.#state = this.#text.length === 0 ? 'empty' : this.#fitsInMemory() ? 'memory' : 'file'
  }

  /** Replaces the body as `ngx.req.set_body_data` does. */
  replace(text: string): void {
    this.#text = text
    this.#state = text.length === 0 ? 'empty' : 'memory'
  }

  /** The body that nginx holds in memory; undefined when it is empty, unread or in a file. */
  get inMemory(): string | undefined {
    return this.#state === 'memory' ? this.#text : undefined
  }

  /** The content of the temporary file; undefined when there is none. */
  get inFile(): string | undefined {
    return this.#state === 'file' ? this.#text : undefined
  }

  /** The bytes of the body that `$request_length` counts. */
  get bytesCounted(): number {
    return this.isRead ? this.#received : 0
  }

  /** The bytes of the body that came, framing included where it is known. */
  get bytesReceived(): number {
    return this.#received
  }

  /** The body, read or not. */
  get content(): string {
    return this.#text
  }

  /** nginx uses a buffer of 1.25 times `client_body_buffer_size`. The part that did not come with the head must fit into it. */
  #fitsInMemory(): boolean {
    const size = this.#text.length
    const { buffer } = this.#limits
    if (this.#request.httpVersion === '2') return size <= buffer
    const firstRead = this.#headBytes < HEADER_BUFFER ? HEADER_BUFFER - this.#headBytes : Math.max(0, LARGE_HEADER_BUFFER - this.#headBytes)
    const withHead = Math.min(size, this.#request.bodyBytesWithHead ?? size, firstRead)
    const left = size - withHead
    return left === 0 || left < buffer + Math.floor(buffer / 4)
  }
}
