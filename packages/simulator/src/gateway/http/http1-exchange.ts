import type { Duplex } from 'node:stream'
import type { ClientResponse, PassedBody, ResponseHead } from '../../model/index.js'
import type { BodyPieces } from './body-pieces.js'
import type { ByteReader } from './byte-reader.js'
import { carryTunnel, type TunnelEnd } from './carry-tunnel.js'
import type { ClientTimeouts } from './client-timeouts.js'
import { discardBody } from './discard-body.js'
import { ExpectingBody } from './expecting-body.js'
import { Http1Response } from './http1-response.js'
import { passBody, type PassingBody } from './pass-body.js'
import type { WaitingClient } from './waiting-client.js'

/** One request of an HTTP/1 connection and its answer. */
export class Http1Exchange implements WaitingClient {
  /** Resolves when the client has its answer: to true when another request may follow on the connection. */
  readonly over: Promise<boolean>
  private readonly controller = new AbortController()
  private readonly stopWatching: () => void
  private finish: (goesOn: boolean) => void = () => undefined

  constructor(
    private readonly stream: Duplex,
    private readonly reader: ByteReader,
    readonly body: BodyPieces,
    private readonly timeouts: ClientTimeouts,
  ) {
    this.over = new Promise((resolve) => (this.finish = resolve))
    this.stopWatching = reader.watchEnd(() => this.controller.abort())
  }

  get gone(): AbortSignal {
    return this.controller.signal
  }

  get bodyTimeoutMs(): number {
    return this.timeouts.body
  }

  async respond(response: ClientResponse): Promise<void> {
    if (response.kind === 'response') {
      const { body } = response
      const out = new Http1Response(this.stream, response, this.timeouts.send)
      const isSent = await out.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
      void this.settle(isSent && !response.closes && !response.truncated)
    } else if (response.kind === 'closed' || this.gone.aborted) this.break()
    else this.waitForEnd()
  }

  async pass(head: ResponseHead, body: PassingBody): Promise<PassedBody> {
    const passed = await passBody(new Http1Response(this.stream, head, this.timeouts.send), body, this.gone)
    if (passed.end === 'client-gone') this.break()
    else void this.settle(passed.end === 'complete' && !head.closes)
    return passed
  }

  async tunnel(head: ResponseHead, service: TunnelEnd): Promise<PassedBody> {
    this.stopWatching()
    const out = new Http1Response(this.stream, head, this.timeouts.send)
    const isSent = await out.send(Buffer.alloc(0))
    const carried = isSent ? await carryTunnel({ stream: this.stream, reader: this.reader }, service) : 0
    this.finish(false)
    return { bytesSent: out.bytesSent + carried, end: 'complete' }
  }

  /** Until the client gives up; what it still sends must not hide its end. */
  private waitForEnd(): void {
    const { stream } = this
    this.stopWatching()
    stream.once('end', () => this.break())
    stream.once('close', () => this.break())
    stream.resume()
  }

  private break(): void {
    this.stopWatching()
    this.stream.destroy()
    this.finish(false)
  }

  private async settle(goesOn: boolean): Promise<void> {
    this.stopWatching()
    this.finish(goesOn && (await discardBody(this.body, this.body instanceof ExpectingBody)))
  }
}
