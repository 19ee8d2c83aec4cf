import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startGateway, type Gateway, type GatewayOptions, type PluginServerSettings } from '../../../src/gateway/index.js'
import type { CorpusCase } from '../../model/corpus/corpus-case.js'
import { PortMap } from '../corpus/port-map.js'
import { sendRecorded } from '../corpus/raw-client.js'
import { compareStep, type KnownDifference } from './compare-step.js'
import { curlRequest } from './curl-request.js'
import { EchoService } from './echo-service.js'
import { playedPlugins, type PlayedPlugin } from './played-plugins.js'
import { SessionPlayer } from './session-player.js'
import { readSession, type RecordedSession, type RecordedStep } from './session-recording.js'

type Request = CorpusCase['request']
type Entities = Readonly<Record<string, unknown>>

/** What a note that is no curl command stands for. */
export interface Act {
  /** Done before the requests. */
  readonly before?: (scene: Scene) => unknown
  readonly requests?: (step: RecordedStep) => readonly Request[]
  /** Posted to the Admin API as the new declarative config, for the service at this port. */
  readonly posts?: (servicePort: number) => Entities
  /** The requests overlap as they did in the recording. */
  readonly together?: boolean
  /** The client leaves while the plugin waits. */
  readonly aborts?: boolean
  /** The plugin server is gone with the first connection it closes. */
  readonly dies?: boolean
}

/** A session with what the recording does not say. */
export interface SessionScenario {
  readonly session: string
  /** Declarative config for the service at this port; default one service with one route and the plugins of the first starts. */
  readonly entities?: (servicePort: number, plugins: readonly PlayedPlugin[]) => Entities
  /** Fields of a plugin's schema; default text fields for the keys of its config. */
  readonly fields?: readonly unknown[]
  readonly acts?: Readonly<Record<string, Act>>
  /** Nobody listens on the plugins' sockets at first. */
  readonly startsAbsent?: boolean
  /** Where Kong never reached the plugin, so that the session does not tell of it. */
  readonly plugins?: readonly PlayedPlugin[]
  readonly socketTimeoutMs?: number
  readonly known?: readonly KnownDifference[]
}

/** The parts of a replay that an act may touch. */
export interface Scene {
  readonly gateway: Gateway
  readonly player: SessionPlayer
  readonly servicePort: number
  /** Serves the plugins' sockets. */
  listen(): Promise<void>
}

/** A message that does not come within this time never will, in ms. */
const PATIENCE_MS = 3_000

/**
 * Plays a recorded session: a plugin server that says what the recorded one said, requests as curl sent them, the service of the
 * recording. Everything ends with the test.
 * @returns where Kong's side of it, or a response, was another than recorded; known differences left out.
 */
export async function playSession(scenario: SessionScenario): Promise<string[]> {
  const session = readSession(scenario.session)
  const scene = await setUp(scenario, session)
  const ports = new PortMap([
    [18000, 28000],
    [18100, 28000],
    [18080, 28080],
  ])
  const here = new PortMap([
    [28000, Number(new URL(scene.gateway.proxyUrl).port)],
    [28080, scene.servicePort],
  ])
  const unexpected: string[] = []
  const { known = [] } = scenario
  const met = new Set<KnownDifference>()
  for (const step of session.steps) {
    const act: Act = scenario.acts?.[step.note] ?? {}
    await act.before?.(scene)
    scene.player.begin(step, { inStep: act.together === true, holdsWaiting: act.aborts === true, dies: act.dies === true })
    const requests = (act.requests?.(step) ?? ofNote(step.note)).map((request) => here.here(ports.here(request)))
    const clients = act.posts === undefined ? await sendAll(requests, act, scene) : [await post(act.posts(scene.servicePort), scene)]
    await scene.player.finished(PATIENCE_MS)
    const played = { said: scene.player.said, clients: act.aborts === true ? [] : clients }
    unexpected.push(...compareStep(step, played, { recorded: ports, here, unordered: act.together === true, known, met }))
  }
  return [...unexpected, ...known.filter((each) => !met.has(each)).map(({ path }) => `listed as different, but agrees: ${path}`)]
}

function ofNote(note: string): readonly Request[] {
  return note.startsWith('curl ') ? [curlRequest(note)] : []
}

async function post(config: Entities, { gateway }: Scene): Promise<Record<string, unknown>> {
  const response = await fetch(`${gateway.adminUrls[0]}/config`, { method: 'POST', body: JSON.stringify(config) })
  return { status: response.status, headers: [...response.headers], body: await response.text() }
}

async function sendAll(requests: readonly Request[], act: Act, { gateway, player }: Scene): Promise<Record<string, unknown>[]> {
  const port = { plain: Number(new URL(gateway.proxyUrl).port), tls: 0 }
  const accesses = (): number => player.said.filter(({ kong }) => kong.kind === 'event' && kong.about.startsWith('access ')).length
  const clients: Promise<{ client: Record<string, unknown> }>[] = []
  for (const request of requests) {
    clients.push(sendRecorded(request, port))
    if (act.together === true) await player.until(() => accesses() >= clients.length, PATIENCE_MS)
    if (act.together !== true && act.aborts !== true) await clients.at(-1)
  }
  if (act.aborts === true) {
    await player.until(() => player.holding, PATIENCE_MS)
    await Promise.all(clients)
    player.release()
  }
  return (await Promise.all(clients)).map(({ client }) => client)
}

async function setUp(scenario: SessionScenario, session: RecordedSession): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const player = new SessionPlayer(session.wire)
  onTestFinished(() => player.kill())
  const service = new EchoService()
  onTestFinished(() => service.close())
  const servicePort = await service.listen()
  const plugins = scenario.plugins ?? playedPlugins(session)
  const listen = async (): Promise<void> => {
    for (const { name } of plugins) await player.listen(name, join(folder, `${name}.socket`))
  }
  if (scenario.startsAbsent !== true) await listen()
  const options: GatewayOptions = {
    config: scenario.entities?.(servicePort, plugins) ?? defaultEntities(servicePort, plugins),
    settings: { log_level: 'info' },
    adminListen: [{ host: '127.0.0.1', port: 0, tls: false, http2: false }],
    pluginServers: await Promise.all(plugins.map((plugin) => pluginServer(plugin, scenario, session, folder))),
    ...(scenario.socketTimeoutMs === undefined ? {} : { socketTimeoutMs: scenario.socketTimeoutMs }),
  }
  const gateway = await startGateway(options)
  onTestFinished(() => gateway.close())
  return { gateway, player, servicePort, listen }
}

async function pluginServer(
  { name, phases, config }: PlayedPlugin,
  { fields }: SessionScenario,
  { protocol }: RecordedSession,
  folder: string,
): Promise<PluginServerSettings> {
  const own = fields ?? Object.keys(config).map((key) => ({ [key]: { type: 'string' } }))
  const schema = { name, fields: [{ config: { type: 'record', fields: own } }] }
  const info = { Protocol: protocol, Plugins: [{ Name: name, Priority: 5, Version: '1.0.0', Phases: phases, Schema: schema }] }
  const dump = join(folder, `${name}.json`)
  await writeFile(dump, JSON.stringify(info))
  return { name, socket: join(folder, `${name}.socket`), queryCommand: `cat ${dump}` }
}

const STAMPS = { created_at: 1795412630, updated_at: 1795412630 }
export const SERVICE = { id: 'dea4c45f-3d88-5461-8ebd-05ae5bbbf87a', name: 'up', host: '127.0.0.1', ...STAMPS }
export const ROUTE = { id: '4726a05a-d550-537e-9fc3-a07c7a1188c7', name: 'r1', ...STAMPS }

export function pluginEntry({ id, name, config, route }: PlayedPlugin): Entities {
  return { id, name, config, ...(route === undefined ? {} : { route }) }
}

/** What most sessions were recorded with. */
export function defaultEntities(port: number, plugins: readonly PlayedPlugin[]): Entities {
  const services = [{ ...SERVICE, port, routes: [{ ...ROUTE, paths: ['/'] }] }]
  return { _format_version: '3.0', services, plugins: plugins.map(pluginEntry) }
}
