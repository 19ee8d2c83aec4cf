import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KongTsError } from '@kong-ts/core'
import { closeHttpServer, type HeaderList, type ServiceFailure, type ServiceResponse } from '@kong-ts/simulator'
import { ServiceMessage } from '../../exchange/test-message.js'
import { serviceResponse } from '../../exchange/test-upstream.js'
import { withoutKey } from '../stage/scenario-entities.js'
import type { ScenarioUpstream } from '../stage/scenario-stage.js'

/** How the paths of probes begin. A probe asks Kong whether it uses a configuration, and belongs to no run. */
export const PROBE_PATH = '/kong-ts-probe-'
const HTTP_PORT = 80
/** Longest head of a request: Kong passes on the headers of its client. */
const MAX_HEADER_BYTES = 1024 * 1024

/** The requests that the service got while one request of a scenario ran. */
export interface Recording {
  readonly requests: readonly ServiceMessage[]
  /** @throws the error of the test's own function, or the reason why its answer cannot be given. */
  check(): void
}

/** The service of a scenario: an HTTP server that records requests and gives the answers of the test. */
export class UpstreamRecorder {
  readonly #server: Server
  #upstream: ScenarioUpstream = {}
  #requests: ServiceMessage[] = []
  #failures: unknown[] = []
  #servicePort = HTTP_PORT

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response))
  }

  /** Listens on a free port of an address. */
  static async listen(host: string): Promise<UpstreamRecorder> {
    const recorder = new UpstreamRecorder(createServer({ maxHeaderSize: MAX_HEADER_BYTES }))
    await new Promise<void>((resolve, reject) => {
      recorder.#server.once('error', (cause) =>
        reject(new KongTsError('ERR_TEST', `the scenario's upstream cannot listen on ${host}: correct KONG_TS_UPSTREAM_LISTEN`, { cause })),
      )
      recorder.#server.listen(0, host, resolve)
    })
    return recorder
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /**
   * Forgets the requests so far, and answers with `upstream` from now on.
   *
   * @param servicePort the port to report in Host headers. Kong writes the port of this recorder there.
   */
  record(upstream: ScenarioUpstream, servicePort: number): Recording {
    this.#servicePort = servicePort
    const requests: ServiceMessage[] = (this.#requests = [])
    const failures: unknown[] = (this.#failures = [])
    this.#upstream = upstream
    return {
      requests,
      check() {
        if (failures.length > 0) throw failures[0]
      },
    }
  }

  close(): Promise<void> {
    return closeHttpServer(this.#server)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [requests, failures, upstream] = [this.#requests, this.#failures, this.#upstream]
    try {
      const seen = withoutKey(await this.#read(request))
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

  async #read(request: IncomingMessage): Promise<ServiceMessage> {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const headers = headerPairs(request.rawHeaders).map(
      ([name, value]) => [name, name.toLowerCase() === 'host' ? this.#meantHost(value) : value] as const,
    )
    return new ServiceMessage(request.method ?? '', request.url ?? '', headers, Buffer.concat(chunks))
  }

  #meantHost(host: string): string {
    const own = `:${this.port}`
    if (!host.endsWith(own)) return host
    return `${host.slice(0, -own.length)}${this.#servicePort === HTTP_PORT ? '' : `:${this.#servicePort}`}`
  }
}

/** Pairs of the flat list of names and values that Node gives. */
export function headerPairs(rawHeaders: readonly string[]): HeaderList {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []))
}

function send({ status, reason, headers, body }: ServiceResponse, response: ServerResponse): void {
  response.sendDate = false
  // nginx tries again when a connection that was used before is closed. Without keep-alive, a run does not depend on the run before it.
  response.shouldKeepAlive = false
  const flat = headers.flatMap(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')])
  if (reason === undefined || reason === '') response.writeHead(status, flat)
  else response.writeHead(status, reason, flat)
  response.end(body)
}

/** @throws KongTsError (ERR_TEST) for a failure that comes before the service has the request. */
function fail({ failure }: ServiceFailure, response: ServerResponse): void {
  switch (failure) {
    case 'closed':
      response.destroy()
      return
    case 'invalid':
      // The first line must be HTTP: Kong passes an answer that does not begin as HTTP on to the client.
      response.socket?.end('HTTP/1.1 200 OK\r\nthis is no header\r\n\r\n')
      return
    case 'read-timeout':
      // Does nothing: Kong gives up after the read_timeout of the service.
      return
    default:
      throw new KongTsError(
        'ERR_TEST',
        `a service that has the request cannot fail with ${failure} through sockets: run this test in memory`,
      )
  }
}
