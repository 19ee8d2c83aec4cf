import { constants, type ServerHttp2Stream } from 'node:http2'
import type { ClientResponse, PassedBody, ResponseHead } from '../../model/index.js'
import { NO_BODY, type BodyPieces } from './body-pieces.js'
import type { ClientTimeouts } from './client-timeouts.js'
import { Http2Body } from './http2-body.js'
import { Http2Response } from './http2-response.js'
import { passBody, type PassingBody } from './pass-body.js'
import type { WaitingClient } from './waiting-client.js'

/** One stream of an HTTP/2 connection: a request and its answer. */
export class Http2Exchange implements WaitingClient {
  readonly body: BodyPieces
  private readonly controller = new AbortController()

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly timeouts: ClientTimeouts,
  ) {
    this.body = stream.endAfterHeaders ? NO_BODY : new Http2Body(stream)
    stream.once('close', () => this.controller.abort())
  }

  get gone(): AbortSignal {
    return this.controller.signal
  }

  get bodyTimeoutMs(): number {
    return this.timeouts.body
  }

  async respond(response: ClientResponse): Promise<void> {
    if (response.kind === 'closed') this.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    else if (response.kind === 'response') {
      const { body } = response
      await new Http2Response(this.stream, response, this.timeouts.send).end(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
      this.discardBody()
    }
  }

  async pass(head: ResponseHead, body: PassingBody): Promise<PassedBody> {
    const passed = await passBody(new Http2Response(this.stream, head, this.timeouts.send), body, this.gone)
    this.discardBody()
    return passed
  }

  /** HTTP/2 has no `Upgrade`, so no service switches protocols for its clients. */
  async tunnel(): Promise<PassedBody> {
    this.stream.close(constants.NGHTTP2_PROTOCOL_ERROR)
    return { bytesSent: 0, end: 'complete' }
  }

  private discardBody(): void {
    if (!this.stream.destroyed) this.stream.resume()
  }
}
