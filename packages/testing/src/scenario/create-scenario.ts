import { buildPluginDefinition, type Constructor, type PluginDefinition } from '@kong-ts/core/server'
import { KongTsError } from '@kong-ts/core'
import type { TestRequest } from '../plugin-test/test-request.js'
import { kongAddress } from './kong/kong-address.js'
import { MemoryStage } from './memory-stage.js'
import { PendingScenario } from './pending-scenario.js'
import { ScenarioConsumers } from './scenario-entities.js'
import type { ScenarioOptions } from './scenario-options.js'
import { placeOf, type ScenarioPlace } from './scenario-place.js'
import type { ScenarioStage, StageSetup } from './scenario-stage.js'

/** Tests of one plugin that run in memory, through sockets, and in a real Kong. Its requests follow one another. */
export interface Scenario {
  /** Where it runs. */
  readonly place: ScenarioPlace
  /**
   * Makes everything ready, which the first request does otherwise: starts the gateway, or configures Kong. For `beforeAll`.
   * @throws ConfigError, GatewayConfigError or KongTsError when the plugin's configuration breaks its rules or the place cannot be had.
   */
  start(): Promise<void>
  /** Prepares a request; nothing happens before `run`. */
  request(request?: TestRequest): PendingScenario
  /** Ends what was started and takes back what was configured. For `afterAll`. */
  close(): Promise<void>
}

/**
 * Makes a scenario of a plugin: one test that runs in memory, against the stand-in gateway, or against a Kong given by URL, as the
 * environment or `options.place` says.
 *
 * @param plugin the plugin's class, or its definition.
 * @throws PluginDefinitionError when the class is no valid plugin; KongTsError (ERR_TEST) when an option has no meaning in the place.
 */
export function createScenario(plugin: Constructor | PluginDefinition, options: ScenarioOptions): Scenario {
  const definition = typeof plugin === 'function' ? buildPluginDefinition(plugin) : plugin
  const place = options.place ?? placeOf(process.env)
  refuseOptions(options, place)
  const setup = { definition, options }
  const consumers = new ScenarioConsumers(options.consumers ?? [])
  const { route, service, plugins = [] } = options
  let opening: Promise<ScenarioStage> | undefined
  let last: Promise<unknown> = Promise.resolve()
  /** Requests and changes of the configuration must not meet: what the service gets is known by its time alone. */
  const inTurn = <T>(work: (stage: ScenarioStage) => Promise<T>): Promise<T> => {
    const turn = last.then(async () => work(await (opening ??= openStage(place, setup))))
    last = turn.catch(() => undefined)
    return turn
  }
  return {
    place,
    start: () => inTurn((stage) => stage.prepare({ route, service, plugins, consumers: consumers.all })),
    request: (request = {}) =>
      new PendingScenario({
        place,
        request,
        entities: { route, service, plugins },
        consumers,
        run: (run) => inTurn((stage) => stage.run(run)),
      }),
    async close() {
      await last
      const opened = opening
      opening = undefined
      await (await opened?.catch(() => undefined))?.close()
    },
  }
}

/** Sockets are loaded only by those who use them. */
async function openStage(place: ScenarioPlace, setup: StageSetup): Promise<ScenarioStage> {
  if (place === 'memory') return new MemoryStage(setup)
  const { SocketStage } = await import('./sockets/socket-stage.js')
  if (place === 'kong') {
    const { openKong } = await import('./kong/open-kong.js')
    const address = kongAddress(setup.options.kong ?? {}, process.env)
    const upstream = { host: address.upstreamHost, listen: address.upstreamListen }
    return SocketStage.open(setup, place, upstream, (target) => openKong(address, setup.definition, target))
  }
  const { openGateway } = await import('./sockets/open-gateway.js')
  return SocketStage.open(setup, place, { host: '127.0.0.1', listen: '127.0.0.1' }, () => openGateway(setup, place))
}

/** What an option would need that the place does not have. */
const LIMITS: readonly {
  readonly option: 'providers' | 'settings' | 'env'
  readonly places: readonly ScenarioPlace[]
  readonly reason: string
}[] = [
  {
    option: 'providers',
    places: ['memory'],
    reason: 'the plugin runs in a process of its own there, with the services its script gives it',
  },
  {
    option: 'settings',
    places: ['memory', 'gateway', 'gateway-msgpack', 'gateway-protobuf'],
    reason: "kong.conf is that Kong's own: set it there",
  },
  {
    option: 'env',
    places: ['memory', 'gateway', 'gateway-msgpack', 'gateway-protobuf'],
    reason: "the environment is that Kong's own: set it there",
  },
]

function refuseOptions(options: ScenarioOptions, place: ScenarioPlace): void {
  for (const { option, places, reason } of LIMITS) {
    if (options[option] === undefined || places.includes(place)) continue
    throw new KongTsError('ERR_TEST', `${option} cannot be chosen in ${place}: ${reason}, or run this scenario with place: 'memory'`)
  }
}
