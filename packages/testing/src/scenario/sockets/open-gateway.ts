import { fileURLToPath } from 'node:url'
import type { JsonRecord } from '@kong-ts/simulator'
import { startGateway, type Gateway, type GatewayLog } from '@kong-ts/simulator/gateway'
import type { ScenarioPlace } from '../stage/scenario-options.js'
import type { StageSetup } from '../stage/scenario-stage.js'
import type { LiveKong } from './socket-stage.js'

type GatewayPlace = Exclude<ScenarioPlace, 'memory' | 'kong'>

/** The protocol that the plugin server is asked to speak; its own choice for undefined. */
const PROTOCOLS = { gateway: undefined, 'gateway-msgpack': 'MsgPack:1', 'gateway-protobuf': 'ProtoBuf:1' } as const

const PLAIN = { host: '127.0.0.1', port: 0, tls: false, http2: false }
const EMPTY = { _format_version: '3.0' }

/**
 * Starts the simulated gateway with the plugin server of a scenario's script.
 *
 * @throws GatewayStartError when the script does not exist or does not start.
 */
export async function openGateway({ options }: StageSetup, place: GatewayPlace): Promise<LiveKong> {
  const { script, settings, env } = options
  const protocol = PROTOCOLS[place]
  const lines: string[] = []
  const log: GatewayLog = (level, line) => void lines.push(`[${level}] ${line}`)
  return new SimulatedGateway(
    await startGateway({
      config: EMPTY,
      scripts: [script instanceof URL ? fileURLToPath(script) : script],
      proxyListen: [PLAIN, { ...PLAIN, tls: true }],
      echoWithoutService: false,
      log,
      ...(protocol === undefined ? {} : { protocol }),
      ...(settings === undefined ? {} : { settings }),
      ...(env === undefined ? {} : { env }),
    }),
    lines,
  )
}

class SimulatedGateway implements LiveKong {
  readonly proxyUrl: string
  readonly tlsUrl: string | undefined
  readonly log: readonly string[]
  readonly #gateway: Gateway
  #document = ''

  constructor(gateway: Gateway, log: readonly string[]) {
    this.log = log
    this.#gateway = gateway
    this.proxyUrl = gateway.proxyUrl
    this.tlsUrl = gateway.proxyUrls[1]
  }

  async configure(document: JsonRecord): Promise<void> {
    const text = JSON.stringify(document)
    if (text === this.#document) return
    await this.#gateway.reload(document)
    this.#document = text
  }

  close(): Promise<void> {
    return this.#gateway.close()
  }
}
