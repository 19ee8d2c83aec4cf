import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KongTsError } from '@kong-ts/core'
import { closeHttpServer } from '@kong-ts/simulator'
import type { HeaderList, ServiceFailure, ServiceResponse } from '@kong-ts/simulator'
import { ServiceMessage } from '../../plugin-test/test-message.js'
import { serviceResponse } from '../../plugin-test/test-upstream.js'
import { withoutKey } from '../scenario-entities.js'
import type { ScenarioUpstream } from '../scenario-upstream.js'

/** Paths that begin so are Kong being asked whether it uses a configuration; they belong to no run. */
export const PROBE_PATH = '/kong-ts-probe-'
const HTTP_PORT = 80
/** As long as a head may be; Kong sends on what clients sent. */
const MAX_HEADER_BYTES = 1024 * 1024

/** What the service got while one request of a scenario ran. */
export interface Recording {
  readonly requests: readonly ServiceMessage[]
  /** @throws what the test's own function threw, or why its answer cannot be given. */
  check(): void
}

/** The service of a scenario: an HTTP server that notes what it gets and answers what the test says. */
export class UpstreamRecorder {
  private upstream: ScenarioUpstream = {}
  private requests: ServiceMessage[] = []
  private failures: unknown[] = []
  private servicePort = HTTP_PORT

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response))
  }

  /** Listens on a free port of an address. */
  static async listen(host: string): Promise<UpstreamRecorder> {
    const recorder = new UpstreamRecorder(createServer({ maxHeaderSize: MAX_HEADER_BYTES }))
    await new Promise<void>((resolve, reject) => {
      recorder.server.once('error', (cause) =>
        reject(new KongTsError('ERR_TEST', `the scenario's upstream cannot listen on ${host}: correct KONG_TS_UPSTREAM_LISTEN`, { cause })),
      )
      recorder.server.listen(0, host, resolve)
    })
    return recorder
  }

  get port(): number {
    const address: AddressInfo | string | null = this.server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /**
   * Forgets what came so far, and answers so from now on.
   *
   * @param servicePort stands in the Host header in place of the port that Kong adds for this recorder.
   */
  record(upstream: ScenarioUpstream, servicePort: number): Recording {
    this.servicePort = servicePort
    const requests: ServiceMessage[] = (this.requests = [])
    const failures: unknown[] = (this.failures = [])
    this.upstream = upstream
    return {
      requests,
      check() {
        if (failures.length > 0) throw failures[0]
      },
    }
  }

  close(): Promise<void> {
    return closeHttpServer(this.server)
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { requests, failures, upstream } = this
    try {
      const seen = withoutKey(await this.read(request))
      if (seen.path.includes(PROBE_PATH)) {
        send(serviceResponse({}, seen.method), response)
        return
      }
      requests.push(seen)
      const answer = typeof upstream === 'function' ? await upstream(seen) : upstream
      if ('failure' in answer) fail(answer, response)
      else send(serviceResponse(answer, seen.method), response)
    } catch (error) {
      failures.push(error)
      response.destroy()
    }
  }

  private async read(request: IncomingMessage): Promise<ServiceMessage> {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const headers = headerPairs(request.rawHeaders).map(
      ([name, value]) => [name, name.toLowerCase() === 'host' ? this.meantHost(value) : value] as const,
    )
    return new ServiceMessage(request.method ?? '', request.url ?? '', headers, Buffer.concat(chunks))
  }

  private meantHost(host: string): string {
    const own = `:${this.port}`
    if (!host.endsWith(own)) return host
    return `${host.slice(0, -own.length)}${this.servicePort === HTTP_PORT ? '' : `:${this.servicePort}`}`
  }
}

/** Node's flat list of names and values as pairs. */
export function headerPairs(rawHeaders: readonly string[]): HeaderList {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []))
}

function send({ status, reason, headers, body }: ServiceResponse, response: ServerResponse): void {
  response.sendDate = false
  // A connection that is used again gets a further try from nginx when it is closed: what a test sees must not depend on the one before.
  response.shouldKeepAlive = false
  const flat = headers.flatMap(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')])
  if (reason === undefined || reason === '') response.writeHead(status, flat)
  else response.writeHead(status, reason, flat)
  response.end(body)
}

/** @throws KongTsError (ERR_TEST) for what a service that has got the request cannot do any more. */
function fail({ failure }: ServiceFailure, response: ServerResponse): void {
  switch (failure) {
    case 'closed':
      response.destroy()
      return
    case 'invalid':
      // What does not even begin as HTTP would go on to the client as it is.
      response.socket?.end('HTTP/1.1 200 OK\r\nthis is no header\r\n\r\n')
      return
    case 'read-timeout':
      // Kong gives up by itself, after the service's read_timeout.
      return
    default:
      throw new KongTsError(
        'ERR_TEST',
        `a service that has the request cannot fail with ${failure} through sockets: run this test in memory`,
      )
  }
}
