import { KongTsError } from '@kong-ts/core'
import type { JsonRecord } from '@kong-ts/simulator'
import { reportExchange } from '../../exchange/exchange.js'
import { testService } from '../../exchange/test-entities.js'
import type { ServiceMessage, TestResponse } from '../../exchange/test-message.js'
import { clientRequest, type TestRequest } from '../../exchange/test-request.js'
import type { ScenarioEntities } from '../stage/scenario-entities.js'
import type { ScenarioPlace } from '../stage/scenario-options.js'
import {
  isUnreached,
  type ScenarioResult,
  type ScenarioRun,
  type ScenarioStage,
  type ScenarioUpstream,
  type StageSetup,
} from '../stage/scenario-stage.js'
import { scenarioDocument } from './scenario-document.js'
import { sendRequest } from './send-request.js'
import { UpstreamRecorder } from './upstream-recorder.js'

const TIMEOUT_MS = 30_000
/** A port on which, in practice, nothing listens. */
const CLOSED_PORT = 1

/** A Kong that listens somewhere: the simulated gateway, or a real Kong. */
export interface LiveKong {
  /** `http://host:port` of its proxy. */
  readonly proxyUrl: string
  /** `https://host:port` of its proxy, when it is known. */
  readonly tlsUrl: string | undefined
  /** Has it use a declarative config, and resolves when requests meet that config. Does nothing when it uses the config already. */
  configure(document: JsonRecord): Promise<void>
  /** The lines of its error log, which grow; undefined when the log cannot be seen. */
  readonly log: readonly string[] | undefined
  close(): Promise<void>
}

/** Where the upstream listens, and under which name Kong finds it. */
export interface UpstreamPlace {
  readonly listen: string
  readonly host: string
}

/** Runs a scenario with real HTTP on both sides of a Kong. */
export class SocketStage implements ScenarioStage {
  readonly #setup: StageSetup
  readonly #place: ScenarioPlace
  readonly #recorder: UpstreamRecorder
  readonly #upstreamHost: string
  readonly #kong: LiveKong

  private constructor(setup: StageSetup, place: ScenarioPlace, recorder: UpstreamRecorder, upstreamHost: string, kong: LiveKong) {
    this.#setup = setup
    this.#place = place
    this.#recorder = recorder
    this.#upstreamHost = upstreamHost
    this.#kong = kong
  }

  /** @param open starts or takes the Kong; gets the address of the scenario's upstream, `host:port`. */
  static async open(
    setup: StageSetup,
    place: ScenarioPlace,
    upstream: UpstreamPlace,
    open: (upstreamTarget: string) => Promise<LiveKong>,
  ): Promise<SocketStage> {
    const recorder = await UpstreamRecorder.listen(upstream.listen)
    try {
      return new SocketStage(setup, place, recorder, upstream.host, await open(`${upstream.host}:${recorder.port}`))
    } catch (error) {
      await recorder.close()
      throw error
    }
  }

  prepare(entities: ScenarioEntities): Promise<void> {
    return this.#configure(entities, {})
  }

  async run({ request, upstream, entities }: ScenarioRun): Promise<ScenarioResult> {
    const kong = this.#kong
    const origin = this.#originFor(request)
    await this.#configure(entities, upstream)
    const recording = this.#recorder.record(upstream, Number(testService(entities.service)?.['port'] ?? 80))
    const begin = kong.log?.length ?? 0
    const response = await sendRequest(origin, clientRequest(request), this.#setup.options.timeoutMs ?? TIMEOUT_MS)
    recording.check()
    return new SocketResult(this.#place, response, [...recording.requests], () => kong.log?.slice(begin))
  }

  async close(): Promise<void> {
    try {
      await this.#kong.close()
    } finally {
      await this.#recorder.close()
    }
  }

  #configure(entities: ScenarioEntities, upstream: ScenarioUpstream): Promise<void> {
    const { definition, options } = this.#setup
    const port = isUnreached(upstream) ? closedPort(upstream) : this.#recorder.port
    return this.#kong.configure(scenarioDocument({ definition, config: options.config, entities, target: `${this.#upstreamHost}:${port}` }))
  }

  /** @throws KongTsError (ERR_TEST) for a request that cannot be sent as the test wants it. */
  #originFor({ url = '/', httpVersion = '1.1', clientIp }: TestRequest): string {
    const place = this.#place
    function refuse(what: string, remedy: string): never {
      throw new KongTsError('ERR_TEST', `${what} in ${place}: ${remedy}, or run this scenario with place: 'memory'`)
    }
    if (httpVersion !== '1.1') return refuse(`httpVersion '${httpVersion}' cannot be sent`, 'leave it out')
    if (clientIp !== undefined)
      return refuse('clientIp cannot be chosen', "send X-Real-IP to a Kong whose trusted_ips trust the test's address")
    if (!/^https:/i.test(url)) return this.#kong.proxyUrl
    return this.#kong.tlsUrl ?? refuse('no address for https is known', 'set KONG_TS_TARGET_TLS to https://host:port')
  }
}

function closedPort(upstream: ScenarioUpstream): number {
  if (typeof upstream === 'object' && 'failure' in upstream && upstream.failure !== 'refused')
    throw new KongTsError('ERR_TEST', `a service cannot fail with ${upstream.failure} through sockets: run this test in memory`)
  return CLOSED_PORT
}

/** What can be seen of a request from outside Kong. */
class SocketResult implements ScenarioResult {
  readonly place: ScenarioPlace
  readonly response: TestResponse | undefined
  readonly serviceRequests: readonly ServiceMessage[]
  readonly #log: () => readonly string[] | undefined

  constructor(
    place: ScenarioPlace,
    response: TestResponse | undefined,
    serviceRequests: readonly ServiceMessage[],
    log: () => readonly string[] | undefined,
  ) {
    this.place = place
    this.response = response
    this.serviceRequests = serviceRequests
    this.#log = log
  }

  get connection(): 'response' | 'closed' {
    return this.response === undefined ? 'closed' : 'response'
  }

  get serviceRequest(): ServiceMessage | undefined {
    return this.serviceRequests.at(-1)
  }

  get exited(): boolean {
    return this.response !== undefined && this.serviceRequests.length === 0
  }

  get phases(): never {
    return this.#unseen('phases')
  }

  get pdkCalls(): never {
    return this.#unseen('pdkCalls')
  }

  get logLines(): never {
    return this.#unseen('logLines')
  }

  get serialized(): never {
    return this.#unseen('serialized')
  }

  get errors(): never {
    return this.#unseen('errors')
  }

  report(): string {
    const log = this.#log() ?? [`Kong's error.log tells more: it cannot be seen in ${this.place}`]
    return [reportExchange(this), ...log].join('\n')
  }

  #unseen(part: string): never {
    throw new KongTsError(
      'ERR_TEST',
      `${part} cannot be seen in ${this.place}: Kong and the plugin server are other processes there. ` +
        `Ask for it only where scenario.place is 'memory', or look at response and serviceRequest`,
    )
  }
}
