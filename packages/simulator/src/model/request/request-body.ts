import { KongTsError } from '@kong-ts/core'
import { bytesToText } from '@kong-ts/schema/lua'
import type { ArrivedBody, BodyFault, ClientRequest } from '../http/messages.js'
import { BODY_FAULT_STATUS, NginxEnd } from './nginx-end.js'

/** nginx's first read takes at most this many bytes, head included. */
const HEADER_BUFFER = 1024
/** A head larger than that is read into buffers of this size. */
const LARGE_HEADER_BUFFER = 8192

/** The request's body, read on first use, kept in memory or in a temporary file as nginx decides. */
export class RequestBody {
  private state: 'awaited' | 'unread' | 'memory' | 'file' | 'empty'
  private text: string
  private fault: BodyFault | undefined
  private received: number

  constructor(
    private readonly request: ClientRequest,
    private readonly headBytes: number,
    private readonly bufferSize: number,
    /** `client_max_body_size`; Infinity without a limit. */
    private readonly longest: number,
  ) {
    this.state = request.bodyFollows === true ? 'awaited' : 'unread'
    this.text = bytesToText(request.body)
    this.fault = request.bodyComplete === false ? 'ended' : undefined
    this.received = request.body.length
  }

  /** True while nobody has taken the body off the connection. */
  get isAwaited(): boolean {
    return this.state === 'awaited'
  }

  /** True when it is at hand to its end. */
  get isWhole(): boolean {
    return !this.isAwaited && this.fault === undefined
  }

  /** True once something has read the body. */
  get isRead(): boolean {
    return this.state !== 'unread' && this.state !== 'awaited'
  }

  /** The body was taken off the connection. */
  arrived({ bytes, wireBytes, end }: ArrivedBody): void {
    this.state = 'unread'
    this.text = bytesToText(bytes)
    this.received = wireBytes
    this.fault = end === 'complete' ? undefined : end
  }

  /** How many bytes of it came in all, read here or passed on. */
  receivedInAll(wireBytes: number): void {
    this.received = wireBytes
  }

  /** Reads the body as `ngx.req.read_body` does. @throws NginxEnd when there is none to be had. */
  read(): void {
    if (this.isRead) return
    if (this.isAwaited) throw new KongTsError('ERR_TEST', "the request's body is not there yet: hand it over when needsBody says so")
    if (this.text.length > this.longest) throw new NginxEnd(413)
    if (this.fault !== undefined) throw new NginxEnd(BODY_FAULT_STATUS[this.fault])
    this.state = this.text.length === 0 ? 'empty' : this.fitsInMemory() ? 'memory' : 'file'
  }

  /** Replaces the body (`ngx.req.set_body_data`). */
  replace(text: string): void {
    this.text = text
    this.state = text.length === 0 ? 'empty' : 'memory'
  }

  /** What is in memory; undefined when there is none, or it was spilled. */
  get inMemory(): string | undefined {
    return this.state === 'memory' ? this.text : undefined
  }

  /** The content of the temporary file; undefined when there is none. */
  get inFile(): string | undefined {
    return this.state === 'file' ? this.text : undefined
  }

  /** How many bytes of the body nginx has counted into `$request_length`. */
  get bytesCounted(): number {
    return this.isRead ? this.received : 0
  }

  /** Bytes of the body that came, framing included where it is known. */
  get bytesReceived(): number {
    return this.received
  }

  /** The whole body wherever it is. */
  get content(): string {
    return this.text
  }

  /**
   * nginx asks for a buffer of 1.25 times `client_body_buffer_size`; what is left to read after the first packet must fit into it.
   */
  private fitsInMemory(): boolean {
    const size = this.text.length
    if (this.request.httpVersion === '2') return size <= this.bufferSize
    const firstRead = this.headBytes < HEADER_BUFFER ? HEADER_BUFFER - this.headBytes : Math.max(0, LARGE_HEADER_BUFFER - this.headBytes)
    const withHead = Math.min(size, this.request.bodyBytesWithHead ?? size, firstRead)
    const left = size - withHead
    return left === 0 || left < this.bufferSize + Math.floor(this.bufferSize / 4)
  }
}
