import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { TEST_IDENTITY } from '../../../src/gateway/net/test-identity.js'
import { startGateway, type Gateway, type PluginServerProtocol } from '../../../src/gateway/index.js'
import {
  isRecord,
  CLIENT_PORT,
  hideBoundary,
  HOSTNAME,
  normalise,
  normaliseCall,
  normaliseHeaders,
  PROXY_PORT,
  PROXY_TLS_PORT,
} from '../../model/corpus/normalise.js'
import type { CorpusCase, CorpusConfig } from '../../model/corpus/corpus-case.js'
import type { ReplayRecord } from '../../model/corpus/corpus-case.js'
import { PortMap } from './port-map.js'
import { sendRecorded } from './raw-client.js'
import { RecordingServices } from './recording-service.js'
import { ScriptRun } from './script-run.js'
import { ScriptedPluginServer } from './scripted-plugin-server.js'
import { serveMsgpackScript } from './serve-msgpack-script.js'
import { serveProtobufScript } from './serve-protobuf-script.js'

const PHASES: Readonly<Record<string, readonly string[]>> = {
  explorer: ['rewrite', 'access', 'log'],
  'explorer-b': ['rewrite', 'access', 'response', 'log'],
}
/** After this silence a call in the log phase will never be answered, and a case without any event has had none, in ms. */
const IDLE_MS = 120
const WITHOUT_LOG_MS = 700
const WITHOUT_EVENT_MS = 120

/** One configuration of the corpus on a real gateway, real sockets and real services. */
export class SocketReplay {
  private constructor(
    private readonly gateway: Gateway,
    private readonly run: ScriptRun,
    private readonly pluginServer: ScriptedPluginServer,
    private readonly services: RecordingServices,
    private readonly ports: PortMap,
    private readonly folder: string,
  ) {}

  static async start(
    { plugin, entities, env, kong_conf }: CorpusConfig,
    protocol: PluginServerProtocol = 'MsgPack:1',
  ): Promise<SocketReplay> {
    const folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
    const run = new ScriptRun()
    const scripted = new ScriptedPluginServer(run, protocol === 'MsgPack:1' ? serveMsgpackScript() : serveProtobufScript)
    const services = new RecordingServices()
    const socket = join(folder, 'explorer.socket')
    await scripted.listen(socket)
    const [a, b, tls] = await services.listen(TEST_IDENTITY)
    const [proxy, proxyTls, closed] = [await freePort(), await freePort(), await freePort()]
    const ports = new PortMap([
      [28080, a],
      [28081, b],
      [28082, tls],
      [28079, closed],
      [PROXY_PORT, proxy],
      [PROXY_TLS_PORT, proxyTls],
    ])
    const schema = { name: plugin, fields: [{ config: { type: 'record', fields: [{ tag: { type: 'string' } }] } }] }
    const info = { Name: plugin, Priority: 5, Version: '1.0.0', Phases: PHASES[plugin] ?? [], Schema: schema }
    const dump = join(folder, `${plugin}.json`)
    await writeFile(dump, JSON.stringify({ Protocol: protocol, Plugins: [info] }))
    const config: unknown = ports.here(entities)
    const gateway = await startGateway({
      config: isRecord(config) ? config : {},
      env,
      settings: {
        log_level: 'info',
        ...Object.fromEntries(Object.entries(ports.here(kong_conf)).map(([key, value]) => [key, String(value)])),
      },
      echoWithoutService: false,
      proxyListen: [
        { host: '127.0.0.1', port: proxy, tls: false, http2: false },
        { host: '127.0.0.1', port: proxyTls, tls: true, http2: true },
      ],
      pluginServers: [{ name: plugin, socket, queryCommand: `cat ${dump}` }],
    })
    return new SocketReplay(gateway, run, scripted, services, ports, folder)
  }

  async replay(corpusCase: CorpusCase): Promise<ReplayRecord> {
    const { request, script, reply } = this.ports.here({ request: corpusCase.request, script: corpusCase.script, reply: corpusCase.reply })
    this.services.begin(reply)
    this.run.begin(script)
    const [plain = 0, tls = 0] = this.gateway.proxyUrls.map((url) => Number(new URL(url).port))
    const { client, port } = await sendRecorded(request, { plain, tls })
    await this.run.settled(IDLE_MS, this.run.phases.length === 0 ? WITHOUT_EVENT_MS : WITHOUT_LOG_MS)
    return this.record(client, this.ports.with(CLIENT_PORT, port))
  }

  async close(): Promise<void> {
    await this.gateway.close()
    this.pluginServer.close()
    this.services.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  private record(client: Awaited<ReturnType<typeof sendRecorded>>['client'], ports: PortMap): ReplayRecord {
    const plain = <Value>(value: Value): Value => ports.recorded(replaceHostname(value))
    const [upstream = null, ...more] = this.services.received.map((received) =>
      normalise({ ...plain(received), headers: normaliseHeaders(plain(received.headers)) }),
    )
    const boundary = /multipart\/form-data; boundary=(\d{5,})/.exec(JSON.stringify([this.services.received, this.run.calls]))?.[1]
    const record = {
      phases: this.run.phases,
      calls: this.run.calls.map(({ phase, method, args, answer }) => {
        const call = { phase, method, args: plain(args) }
        return answer === undefined
          ? { ...call, outcome: 'unanswered' }
          : normaliseCall({ ...call, outcome: 'answered', step: answer.step, value: plain(answer.value) })
      }),
      upstream,
      ...(more.length > 0 ? { upstream_more: more } : {}),
      client: normalise({
        ...withoutTimes(plain(client)),
        ...(client.headers === undefined ? {} : { headers: normaliseHeaders(plain(client.headers)) }),
      }),
    }
    return boundary === undefined ? record : hideBoundary(record, boundary)
  }
}

/** Replaces dates and latencies in answers that are recorded as bytes. */
function withoutTimes<Client extends Readonly<Record<string, unknown>>>(client: Client): Client {
  const { after } = client
  if (typeof after !== 'string') return client
  return {
    ...client,
    after: after.replace(/^(X-Kong-[A-Za-z-]*Latency): \d+/gm, '$1: <MS>').replace(/^(Date): .*?(\r?)$/gm, '$1: <DATE>$2'),
  }
}

function replaceHostname<Value>(value: Value): Value {
  const own = hostname()
  return own.length > 3 ? JSON.parse(JSON.stringify(value).replaceAll(own, HOSTNAME)) : value
}

/** A port with five digits that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null || address.port < 10_000) throw new Error('no free port with five digits')
  return address.port
}
