import { argumentsOf, LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import {
  createDeclarativeConfig,
  luaEntity,
  type ConfiguredPlugin,
  type DeclarativeConfig,
} from '../../../src/gateway/entities/declarative-config.js'
import { PluginIterator, type RankedPlugin } from '../../../src/gateway/plugins/plugin-iterator.js'
import { createRouter, type Router } from '../../../src/gateway/router/router.js'
import {
  BUNDLED_PLUGINS,
  createKongNode,
  createTransaction,
  settingsFromConf,
  type ClientRequest,
  type ClientResponse,
  type KongNode,
  type KongTransaction,
  type ServiceFailure,
  type ServiceResponse,
  type TransactionPhase,
} from '../../../src/model/index.js'
import { unchunk } from './chunked-text.js'
import { bytesToCorpus, corpusBytes, type CallRecord, type CorpusCase, type CorpusConfig, type ReplayRecord } from './corpus-case.js'
import { argumentFromCorpus, stepDataToCorpus, toCorpus } from './corpus-values.js'
import { CLIENT_PORT, hideBoundary, HOSTNAME, normalise, normaliseCall, normaliseHeaders, PROXY_PORT, PROXY_TLS_PORT } from './normalise.js'
import { ScriptedService, type Unfinished } from './scripted-service.js'

interface Entry extends RankedPlugin {
  readonly plugin: ConfiguredPlugin
}

const EXPLORER_PHASES: Readonly<Record<string, readonly string[]>> = {
  explorer: ['rewrite', 'access', 'log'],
  'explorer-b': ['rewrite', 'access', 'response', 'log'],
}

/** One configuration of the corpus, on which cases are replayed. */
export class ReplayedConfig {
  readonly #config: DeclarativeConfig
  readonly #router: Router
  readonly #plugins: PluginIterator<Entry>
  readonly #node: KongNode

  constructor({ entities, env, kong_conf }: CorpusConfig) {
    this.#config = createDeclarativeConfig(entities, 'corpus', Math.floor(Date.now() / 1000))
    this.#router = createRouter(this.#config.routes)
    this.#plugins = new PluginIterator(
      this.#config.plugins.map((plugin) => {
        const bundled = BUNDLED_PLUGINS.get(plugin.name)
        const phases = bundled ? Object.keys(bundled.handlers) : (EXPLORER_PHASES[plugin.name] ?? [])
        return { plugin, priority: bundled?.priority ?? 5, phases: new Set(phases) }
      }),
    )
    this.#node = createKongNode({
      settings: { logLevel: 'info', ...settingsFromConf(kong_conf) },
      env: new Map(Object.entries(env)),
      hostname: HOSTNAME,
      workspaceId: '0dc6f45b-8f8d-40d2-a504-473544ee190b',
      upstreams: this.#config.upstreams,
      consumers: this.#config.consumers,
      credentials: this.#config.credentials,
      vaults: this.#config.vaults,
    })
  }

  replay(corpusCase: CorpusCase): ReplayRecord {
    return new Replay(corpusCase, createTransaction(this.#node, clientRequest(corpusCase)), this.#router, this.#plugins).run()
  }
}

class Replay {
  readonly #phases: string[] = []
  readonly #calls: CallRecord[] = []
  readonly #service: ScriptedService
  readonly #patience: number
  #collected: Entry[] | undefined
  #client: unknown

  readonly #corpusCase: CorpusCase
  readonly #transaction: KongTransaction
  readonly #router: Router
  readonly #plugins: PluginIterator<Entry>

  constructor(corpusCase: CorpusCase, transaction: KongTransaction, router: Router, plugins: PluginIterator<Entry>) {
    this.#corpusCase = corpusCase
    this.#transaction = transaction
    this.#router = router
    this.#plugins = plugins
    this.#patience = corpusCase.request.timeout ?? (corpusCase.request.target === '/dns' ? 9000 : 1500)
    this.#service = new ScriptedService(corpusCase.reply, this.#patience)
  }

  run(): ReplayRecord {
    for (;;) {
      const step = this.#transaction.next()
      if (step.do === 'done') break
      if (step.do === 'phase') this.#phase(step.phase)
      else if (step.do === 'route') this.#transaction.routed(this.#router.match(step.question))
      else if (step.do === 'respond') this.#client ??= clientRecord(step.response, this.#corpusCase)
      else if (step.do === 'proxy') {
        const outcome = this.#service.answer(step.request)
        this.#transaction.serviceAnswered('hangs' in outcome ? this.#impatience(outcome) : outcome)
      }
    }
    const boundary = /multipart\/form-data; boundary=(\d{5,})/.exec(JSON.stringify([this.#service.received, this.#calls]))?.[1]
    const [upstream = null, ...more] = this.#service.received.map(upstreamRecord)
    const record = {
      phases: this.#phases,
      calls: this.#calls.map(normaliseCall),
      upstream,
      ...(more.length > 0 ? { upstream_more: more } : {}),
      client: normalise(this.#client),
    }
    return boundary === undefined ? record : hideBoundary(record, boundary)
  }

  /** The recorder's client leaves after a while. Kong notices it, except while buffering: then it waits for the service's timeout. */
  #impatience({ head }: Unfinished): ServiceFailure | ServiceResponse {
    if (!this.#transaction.buffered) return { failure: 'client-closed' }
    this.#client = { timeout: true, partial: '' }
    return head ? { ...head, truncated: true } : { failure: 'read-timeout' }
  }

  #phase(phase: TransactionPhase): void {
    for (const entry of this.#entries(phase)) {
      if (this.#transaction.interrupted) continue
      if (entry.phases.has(phase)) this.#handler(entry, phase)
    }
  }

  *#entries(phase: TransactionPhase): Generator<Entry> {
    if (phase === 'rewrite' || (phase !== 'access' && !this.#collected)) {
      yield* this.#plugins.global(phase)
      return
    }
    if (phase !== 'access') {
      yield* this.#collected ?? []
      return
    }
    this.#collected = []
    for (const entry of this.#plugins.collect(() => this.#scope())) {
      this.#collected.push(entry)
      if (entry.phases.has('response')) this.#transaction.buffered = true
      yield entry
    }
  }

  #scope(): { route?: string; service?: string; consumer?: string } {
    const id = (entity: LuaValue): string | undefined => {
      const value = entity instanceof LuaTable ? entity.get('id') : undefined
      return typeof value === 'string' ? value : undefined
    }
    const route = id(this.#transaction.match?.route)
    const service = id(this.#transaction.match?.service)
    const consumer = id(this.#transaction.consumer)
    return {
      ...(route === undefined ? {} : { route }),
      ...(service === undefined ? {} : { service }),
      ...(consumer === undefined ? {} : { consumer }),
    }
  }

  #handler({ plugin }: Entry, phase: TransactionPhase): void {
    const bundled = BUNDLED_PLUGINS.get(plugin.name)
    if (bundled) {
      this.#transaction.runBundled(bundled, luaEntity(plugin.config))
      return
    }
    this.#phases.push(phase)
    for (const [method, args = []] of this.#corpusCase.script[phase] ?? []) {
      const answer = this.#transaction.pdkCall({ name: plugin.name, id: plugin.id }, method, callArguments(args))
      const record = { phase, method, args }
      if (answer.outcome !== 'answered') {
        this.#calls.push({ ...record, outcome: answer.outcome })
        return
      }
      this.#calls.push({ ...record, outcome: 'answered', step: toCorpus(answer.step), value: stepDataToCorpus(answer.value) })
    }
  }
}

function callArguments(args: unknown): readonly LuaValue[] {
  if (Array.isArray(args)) return args.map(argumentFromCorpus)
  return argumentsOf(argumentFromCorpus(args))
}

function clientRequest({ request }: CorpusCase): ClientRequest {
  const http2 = request.version === 'HTTP/2'
  const pseudo = new Map(request.headers.filter(([name]) => name.startsWith(':')))
  const headers = request.headers
    .filter(([name]) => !name.startsWith(':'))
    .map(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')] as const)
  const wire = corpusBytes(request.wire_body ?? request.body)
  const chunked = headers.some(([name, value]) => /^transfer-encoding$/i.test(name) && /chunked/i.test(value))
  const length = headers.find(([name]) => /^content-length$/i.test(name))?.[1]
  const body = chunked ? (unchunk(wire) ?? '') : length === undefined && !http2 ? '' : wire.slice(0, http2 ? undefined : Number(length))
  const authority = pseudo.get(':authority')
  return {
    method: pseudo.get(':method') ?? request.method,
    target: Buffer.from(pseudo.get(':path') ?? request.target, 'utf8').toString('latin1'),
    httpVersion: http2 ? '2' : request.version === 'HTTP/1.0' ? '1.0' : '1.1',
    headers: authority === undefined ? headers : [['host', authority], ...headers],
    body: new Uint8Array(Buffer.from(body, 'latin1')),
    bodyComplete: chunked ? unchunk(wire) !== undefined : body.length >= Number(length ?? 0),
    ...(request.pause ? { bodyBytesWithHead: request.pause.after } : {}),
    ...(request.tls === true || http2 ? { tls: { serverName: 'gw.test', version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } } : {}),
    peer: { ip: '127.0.0.1', port: CLIENT_PORT },
    local: { ip: '127.0.0.1', port: request.tls === true || http2 ? PROXY_TLS_PORT : PROXY_PORT },
  }
}

function upstreamRecord(received: unknown): unknown {
  if (typeof received !== 'object' || received === null || !('headers' in received)) return received
  const { headers } = received
  return normalise({ ...received, headers: Array.isArray(headers) ? normaliseHeaders(headers) : headers })
}

/** What the recorder's client reads of a response. */
function clientRecord(response: ClientResponse, { request }: CorpusCase): unknown {
  if (response.kind === 'closed') return { closed: true }
  if (response.kind === 'silent') return { timeout: true, partial: '' }
  const head = {
    version: response.httpVersion === '2' ? 'HTTP/2' : 'HTTP/1.1',
    status: response.status,
    ...(response.httpVersion === '2' ? {} : { reason: response.reason }),
    headers: normaliseHeaders(response.headers),
  }
  const body = Buffer.from(response.body).toString('latin1')
  if (response.httpVersion === '2') return { ...head, body: bytesToCorpus(body) }
  if (response.status < 200) return { ...head, body: '', after: bytesToCorpus(body) }
  if (request.method === 'HEAD' || response.status === 204 || response.status === 304) {
    return { ...head, body: '', ...(body === '' ? {} : { after: bytesToCorpus(body) }) }
  }
  const length = response.headers.find(([name]) => /^content-length$/i.test(name))?.[1]
  if (response.chunked) return { ...head, body: bytesToCorpus(body) }
  if (length === undefined && !response.closes) return { timeout: true, ...head, body: bytesToCorpus(body) }
  if (length === undefined) return { ...head, body: bytesToCorpus(body), until_close: true }
  if (body.length >= Number(length)) return { ...head, body: bytesToCorpus(body.slice(0, Number(length))) }
  return response.truncated
    ? { ...head, body: bytesToCorpus(body), truncated: true }
    : { timeout: true, ...head, body: bytesToCorpus(body) }
}
