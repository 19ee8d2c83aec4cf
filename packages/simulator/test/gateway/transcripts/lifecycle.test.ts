import { describe, expect, it } from 'vitest'
import { playSession, ROUTE, SERVICE, type Act, type SessionScenario } from './play-session.js'

const stop: Act = { before: ({ player }) => player.kill() }
const start: Act = { before: ({ listen }) => listen() }
const restart: Act = {
  before: async ({ player, listen }) => {
    await player.kill()
    await listen()
  },
}

const HELLO = { id: '554ab3ea-06fb-50ca-9bac-665093d66ebd', name: 'js-hello' }

/** Two routes with a plugin each; the message of the first says how, no message leaves its plugin out. */
const twoRoutes = (port: number, first: string | undefined) => ({
  _format_version: '3.0',
  services: [
    {
      ...SERVICE,
      port,
      routes: [
        { ...ROUTE, paths: ['/one'], plugins: first === undefined ? [] : [{ ...HELLO, config: { message: first } }] },
        {
          id: '6a38f15e-bfa5-5fd5-9da5-0f8cf7e34b7d',
          name: 'r2',
          paths: ['/two'],
          plugins: [{ id: '11111111-1111-4111-8111-111111111111', name: 'js-hello', config: { message: 'two' } }],
        },
      ],
    },
  ],
})
const postTwo = (first: string | undefined): Act => ({ posts: (port) => twoRoutes(port, first) })

const oneRoute = (port: number, plugin: Record<string, unknown>) => ({
  _format_version: '3.0',
  services: [{ ...SERVICE, port, routes: [{ ...ROUTE, paths: ['/'], plugins: [plugin] }] }],
})

const BAD = { id: '40bae3be-80c8-59fa-b3a9-514b59a96d16', name: 'bad' }
const postBad = (config: Record<string, unknown>): Act => ({ posts: (port) => oneRoute(port, { ...BAD, config }) })

const GO_HELLO = { id: 'd513eb97-538d-5f54-a3e9-39a3de96d664', name: 'go-hello' }
const postGo = (message: string): Act => ({ posts: (port) => oneRoute(port, { ...GO_HELLO, config: { message } }) })

const SCENARIOS: readonly SessionScenario[] = [
  {
    session: '391-mp-d-config-change',
    entities: (port) => twoRoutes(port, 'one'),
    acts: {
      'POST /config with the SAME declarative config': postTwo('one'),
      "POST /config with route r1's plugin config changed (r2 untouched)": postTwo('one-CHANGED'),
      'POST /config with the plugin removed from r1': postTwo(undefined),
      'kong reload (HUP: new workers)': {
        before: async ({ gateway, servicePort }) => {
          await gateway.reload(twoRoutes(servicePort, 'one'))
          await gateway.restartPluginServers()
        },
      },
    },
  },
  {
    session: '391-mp-e-restart',
    acts: {
      'plugin server killed (SIGKILL) and restarted at once; Kong not touched': restart,
      'plugin server killed; requests while it is down (recording proxy accepts, then closes: upstream socket is missing)': stop,
      'restarted again': start,
    },
  },
  {
    session: '391-pb-e-restart',
    acts: {
      'go plugin server killed and restarted': restart,
      'killed, down': stop,
      restarted: start,
      'POST /config same config': postGo('x'),
      'POST /config changed config': postGo('changed'),
    },
  },
  {
    session: '391-mp-f-start-error',
    plugins: [{ ...BAD, phases: ['access'], config: { explode: true }, route: ROUTE.id }],
    known: ['response.headers', 'response.body'].map((path) => ({
      note: /^POST .* (?:violates|unknown)/,
      path,
      reason: 'a config that is refused is refused in words of our own, without the headers of the Admin API',
    })),
    fields: [{ explode: { type: 'boolean' } }, { port: { type: 'integer', between: [1, 10] } }],
    acts: {
      'POST /config with a config that violates the schema (port: 99, between 1 and 10)': postBad({ port: 99 }),
      'POST /config with an unknown field': postBad({ unknown_field: 1 }),
      'POST /config with a good config': postBad({ explode: false }),
    },
  },
  {
    session: '391-pb-f-start-error',
    plugins: [{ id: 'a747b904-c70f-5192-a7bc-8e498c1effc7', name: 'stub', phases: ['access'], config: { message: 'x' }, route: ROUTE.id }],
  },
  {
    session: '391-mp-g-server-absent',
    startsAbsent: true,
    plugins: [{ ...HELLO, phases: ['access'], config: { message: 'x' }, route: ROUTE.id }],
  },
]

describe('instances, configurations and plugin servers that come and go, as a real Kong 3.9.1 took it', () => {
  it.each(SCENARIOS)(
    '$session',
    async (scenario) => {
      expect(await playSession(scenario)).toEqual([])
    },
    30_000,
  )
})
