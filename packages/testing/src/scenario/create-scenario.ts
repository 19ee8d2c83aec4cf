import { KongTsError } from '@kong-ts/core'
import type { Constructor, PluginDefinition } from '@kong-ts/core/server'
import type { TestRequest } from '../exchange/test-request.js'
import { judgedDefinition } from '../plugin-test/create-plugin-test.js'
import { MemoryStage } from './memory-stage.js'
import { PendingScenario } from './pending-scenario.js'
import { ScenarioConsumers } from './stage/scenario-entities.js'
import { type ScenarioOptions, placeOf, type ScenarioPlace } from './stage/scenario-options.js'
import type { ScenarioStage, StageSetup } from './stage/scenario-stage.js'

/** Tests of one plugin that run in memory, through sockets, and in a real Kong. Requests run one after the other. */
export interface Scenario {
  /** Where it runs. */
  readonly place: ScenarioPlace
  /**
   * Starts the gateway, or configures Kong. For `beforeAll`; without it the first request does so.
   *
   * @throws ConfigError, GatewayConfigError or KongTsError when the plugin's configuration breaks its rules, or the place cannot be had.
   */
  start(): Promise<void>
  /** Prepares a request; nothing happens before `run`. */
  request(request?: TestRequest): PendingScenario
  /** Ends what was started, and undoes the configuration. For `afterAll`. */
  close(): Promise<void>
}

/**
 * Makes a scenario of a plugin: one test that runs in memory, against the simulated gateway, or against a real Kong given by URL.
 * `options.place` or the environment chooses.
 *
 * @param plugin the plugin's class, or its definition.
 * @throws PluginDefinitionError with every mistake in the class, those that Kong would find in its schema too; KongTsError (ERR_TEST) for an
 * option that the place does not support.
 */
export function createScenario(plugin: Constructor | PluginDefinition, options: ScenarioOptions): Scenario {
  const definition = judgedDefinition(plugin)
  const place = options.place ?? placeOf(process.env)
  refuseOptions(options, place)
  const setup = { definition, options }
  const consumers = new ScenarioConsumers(options.consumers ?? [])
  const { route, service, plugins = [] } = options
  let opening: Promise<ScenarioStage> | undefined
  let last: Promise<unknown> = Promise.resolve()
  /** Runs work after all earlier work: only the time tells to which run a request at the service belongs. */
  function inTurn<T>(work: (stage: ScenarioStage) => Promise<T>): Promise<T> {
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

/** Loads sockets only when they are used. */
async function openStage(place: ScenarioPlace, setup: StageSetup): Promise<ScenarioStage> {
  if (place === 'memory') return new MemoryStage(setup)
  const { SocketStage } = await import('./sockets/socket-stage.js')
  if (place === 'kong') {
    const { kongAddress, openKong } = await import('./real-kong/open-kong.js')
    const address = kongAddress(setup.options.kong ?? {}, process.env)
    const upstream = { host: address.upstreamHost, listen: address.upstreamListen }
    return SocketStage.open(setup, place, upstream, (target) => openKong(address, setup.definition, target))
  }
  const { openGateway } = await import('./sockets/open-gateway.js')
  return SocketStage.open(setup, place, { host: '127.0.0.1', listen: '127.0.0.1' }, () => openGateway(setup, place))
}

/** Options that not every place supports, with the places that do. */
const LIMITED_OPTIONS: readonly {
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
  for (const { option, places, reason } of LIMITED_OPTIONS) {
    if (options[option] === undefined || places.includes(place)) continue
    throw new KongTsError('ERR_TEST', `${option} cannot be chosen in ${place}: ${reason}, or run this scenario with place: 'memory'`)
  }
}
