import { KongTsError } from '@kong-ts/core'
import { testService } from '../../plugin-test/test-entities.js'
import { clientRequest, type TestRequest } from '../../plugin-test/test-request.js'
import type { ScenarioEntities } from '../scenario-entities.js'
import type { ScenarioPlace } from '../scenario-place.js'
import type { ScenarioResult } from '../scenario-result.js'
import type { ScenarioRun, ScenarioStage, StageSetup } from '../scenario-stage.js'
import { isUnreached, type ScenarioUpstream } from '../scenario-upstream.js'
import type { LiveKong } from './live-kong.js'
import { scenarioDocument } from './scenario-document.js'
import { sendRequest } from './send-request.js'
import { SocketResult } from './socket-result.js'
import { UpstreamRecorder } from './upstream-recorder.js'

const TIMEOUT_MS = 30_000
/** A port on which, in practice, nothing listens. */
const CLOSED_PORT = 1

/** Where the upstream listens, and under which name Kong finds it. */
export interface UpstreamPlace {
  readonly listen: string
  readonly host: string
}

/** Runs a scenario with real HTTP on both sides of a Kong. */
export class SocketStage implements ScenarioStage {
  private constructor(
    private readonly setup: StageSetup,
    private readonly place: ScenarioPlace,
    private readonly recorder: UpstreamRecorder,
    private readonly upstreamHost: string,
    private readonly kong: LiveKong,
  ) {}

  /** @param open makes the Kong, which is told the address of the scenario's upstream. */
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
    return this.configure(entities, {})
  }

  async run({ request, upstream, entities }: ScenarioRun): Promise<ScenarioResult> {
    const { kong, place } = this
    const origin = this.originFor(request)
    await this.configure(entities, upstream)
    const recording = this.recorder.record(upstream, Number(testService(entities.service)?.['port'] ?? 80))
    const begin = kong.log?.length ?? 0
    const response = await sendRequest(origin, clientRequest(request), this.setup.options.timeoutMs ?? TIMEOUT_MS)
    recording.check()
    return new SocketResult(place, response, [...recording.requests], () => kong.log?.slice(begin))
  }

  async close(): Promise<void> {
    try {
      await this.kong.close()
    } finally {
      await this.recorder.close()
    }
  }

  private configure(entities: ScenarioEntities, upstream: ScenarioUpstream): Promise<void> {
    const { definition, options } = this.setup
    const port = isUnreached(upstream) ? closedPort(upstream) : this.recorder.port
    return this.kong.configure(scenarioDocument({ definition, config: options.config, entities, target: `${this.upstreamHost}:${port}` }))
  }

  /** @throws KongTsError (ERR_TEST) for a request that cannot be sent as the test wants it. */
  private originFor({ url = '/', httpVersion = '1.1', clientIp }: TestRequest): string {
    const refuse = (what: string, remedy: string): never => {
      throw new KongTsError('ERR_TEST', `${what} in ${this.place}: ${remedy}, or run this scenario with place: 'memory'`)
    }
    if (httpVersion !== '1.1') return refuse(`httpVersion '${httpVersion}' cannot be sent`, 'leave it out')
    if (clientIp !== undefined)
      return refuse('clientIp cannot be chosen', "send X-Real-IP to a Kong whose trusted_ips trust the test's address")
    if (!/^https:/i.test(url)) return this.kong.proxyUrl
    return this.kong.tlsUrl ?? refuse('no address for https is known', 'set KONG_TS_TARGET_TLS to https://host:port')
  }
}

function closedPort(upstream: ScenarioUpstream): number {
  if (typeof upstream === 'object' && 'failure' in upstream && upstream.failure !== 'refused')
    throw new KongTsError('ERR_TEST', `a service cannot fail with ${upstream.failure} through sockets: run this test in memory`)
  return CLOSED_PORT
}
