import { setTimeout as sleep } from 'node:timers/promises'
import { KongTsError } from '@kong-ts/core'
import type { JsonRecord } from '@kong-ts/simulator'
import { clientRequest } from '../../exchange/test-request.js'
import { sendRequest, type ClientAnswer } from '../sockets/send-request.js'
import { PROBE_PATH } from '../sockets/upstream-recorder.js'

/** The response header that names the configuration with which Kong answered. */
const HEADER = 'x-kong-ts-probe'
/** Kong's workers take up a configuration one by one, and each new connection may go to another worker. */
const ANSWERS_IN_A_ROW = 10
const PAUSE_MS = 50
/** Kong with a database looks for changes every 5 s by default. */
const LONGEST_WAIT_MS = 30_000
/** Short, so that an upstream out of reach is reported soon. */
const CONNECT_TIMEOUT_MS = 2_000

/** What tells whether a Kong uses a configuration. */
export interface Probing {
  /** Names the configuration. */
  readonly generation: string
  /** `host:port` under which Kong reaches the scenario's upstream. */
  readonly upstreamTarget: string
  /** True when the plugin runs for every request: it may answer a probe itself. */
  readonly answersItself: boolean
}

type Outcome = 'live' | 'unreached' | 'not yet'

/** Entities that answer the probe of one configuration. */
export function probeEntities({ generation, upstreamTarget }: Probing): { readonly services: readonly JsonRecord[] } {
  const { hostname, port } = new URL(`http://${upstreamTarget}`)
  return {
    services: [
      {
        name: 'kong-ts-probe',
        host: hostname.replace(/^\[(.*)\]$/, '$1'),
        port: Number(port === '' ? 80 : port),
        retries: 0,
        connect_timeout: CONNECT_TIMEOUT_MS,
        routes: [
          {
            name: 'kong-ts-probe',
            paths: [`${PROBE_PATH}${generation}`],
            strip_path: false,
            plugins: [{ name: 'response-transformer', config: { add: { headers: [`${HEADER}:${generation}`] } } }],
          },
        ],
      },
    ],
  }
}

/** Asks a Kong's proxy whether it uses a configuration. */
export class Prober {
  readonly #proxyUrl: string
  readonly #probing: Probing

  constructor(proxyUrl: string, probing: Probing) {
    this.#proxyUrl = proxyUrl
    this.#probing = probing
  }

  async isLive(): Promise<boolean> {
    // A plugin that runs for every request would also see each probe, so there are as few as possible.
    return this.#probing.answersItself || this.#outcomeOf(await this.#ask()) === 'live'
  }

  /** @throws KongTsError (ERR_TEST) when Kong does not use it in time, or cannot reach the scenario's upstream. */
  async untilLive(): Promise<void> {
    const [proxyUrl, probing] = [this.#proxyUrl, this.#probing]
    const deadline = Date.now() + LONGEST_WAIT_MS
    let row = { outcome: 'not yet' as Outcome, length: 0 }
    let answer: ClientAnswer
    while (Date.now() < deadline) {
      answer = await this.#ask()
      const outcome = this.#outcomeOf(answer)
      row = { outcome, length: outcome === row.outcome ? row.length + 1 : 1 }
      if (outcome === 'live' && row.length >= ANSWERS_IN_A_ROW) return
      if (outcome === 'unreached' && row.length >= ANSWERS_IN_A_ROW) throw unreached(proxyUrl, probing.upstreamTarget)
      if (outcome !== 'live') await sleep(PAUSE_MS)
    }
    const last = answer === undefined ? 'nothing' : `${answer.status} ${answer.text.slice(0, 100)}`
    throw new KongTsError(
      'ERR_TEST',
      `Kong took the configuration, but ${proxyUrl} does not use it after ${LONGEST_WAIT_MS} ms (last answer: ${last}): ` +
        'let KONG_TS_TARGET and KONG_TS_ADMIN name the same Kong, and run test files that use it one after another',
    )
  }

  #ask(): Promise<ClientAnswer> {
    return sendRequest(this.#proxyUrl, clientRequest({ url: `${PROBE_PATH}${this.#probing.generation}` }), LONGEST_WAIT_MS)
  }

  #outcomeOf(answer: ClientAnswer): Outcome {
    if (answer === undefined) return 'not yet'
    if (answer.header(HEADER) === this.#probing.generation) return answer.status >= 502 && answer.status <= 504 ? 'unreached' : 'live'
    return this.#probing.answersItself && answer.status !== 404 ? 'live' : 'not yet'
  }
}

function unreached(proxyUrl: string, upstreamTarget: string): KongTsError {
  return new KongTsError(
    'ERR_TEST',
    `Kong at ${proxyUrl} cannot reach the scenario's upstream at ${upstreamTarget}: set KONG_TS_UPSTREAM_HOST to the name under which Kong finds ` +
      'this machine (host.docker.internal for Docker), and KONG_TS_UPSTREAM_LISTEN to the address it comes in by',
  )
}
