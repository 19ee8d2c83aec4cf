import type { SerializedLog, Phase } from '@kong-ts/core'
import {
  createConnection,
  createTransaction,
  type ClientRequest,
  type ClientResponse,
  type KongNodeOptions,
  type KongTransaction,
  type NextStep,
} from '@kong-ts/simulator'
import type { PhaseOutcome, PluginDefinition, PluginInstance } from '@kong-ts/core/server'
import { createTestKong, type TestEntities, type TestEntity, type TestKong } from '../exchange/test-entities.js'
import { TestResponse, type TestServiceRequest } from '../exchange/test-message.js'
import { clientRequest, type TestRequest } from '../exchange/test-request.js'
import { askUpstream, type TestUpstream } from '../exchange/test-upstream.js'
import { toLuaValue } from '../mock-pdk/plain-value.js'
import { CallHistory } from '../mock-pdk/call-history.js'
import { simulatedEvent, type Stubs } from '../mock-pdk/simulated-calls.js'
import { BundledRuns } from './bundled-runs.js'
import { reportRun, type PluginTestResult, type HandlerError } from './plugin-test-result.js'

/** Everything that one request of a test needs. */
interface PluginRunSetup extends TestedPlugin {
  readonly entities: TestEntities
  readonly node: KongNodeOptions
  readonly request: TestRequest
  readonly upstream: TestUpstream
  /** Kong's own plugins on the route. */
  readonly plugins: readonly TestEntity[]
  readonly client: { readonly consumer: TestEntity; readonly credential: TestEntity | undefined } | undefined
}

/** Takes one request of a test through the simulated Kong. */
export class PluginRun {
  readonly #setup: PluginRunSetup
  readonly #kong: TestKong
  readonly #request: ClientRequest
  readonly #transaction: KongTransaction
  readonly #handlers: HandlerRuns
  readonly #bundled: BundledRuns
  readonly #serviceRequests: TestServiceRequest[] = []
  #client: ClientResponse = { kind: 'silent' }

  constructor(setup: PluginRunSetup) {
    this.#setup = setup
    this.#kong = createTestKong(setup.entities, setup.node)
    this.#request = clientRequest(setup.request)
    this.#transaction = createTransaction(this.#kong.node, this.#request)
    this.#handlers = new HandlerRuns(setup)
    this.#bundled = new BundledRuns(setup.plugins, setup.definition)
  }

  async run(): Promise<PluginTestResult> {
    const handshake = this.#request.tls && createConnection(this.#kong.node, this.#request)
    handshake?.enter('certificate')
    if (handshake) await this.#handlers.run('certificate', handshake)
    for (let step = this.#transaction.next(); step.do !== 'done'; step = this.#transaction.next()) await this.#take(step)
    const client = this.#client
    const serialized = this.#transaction.serialized()
    const result = {
      response: client.kind === 'response' ? new TestResponse(client.status, client.reason, client.headers, client.body) : undefined,
      connection: client.kind,
      serviceRequest: this.#serviceRequests.at(-1),
      serviceRequests: this.#serviceRequests,
      exited: this.#handlers.history.calls.some(({ outcome }) => outcome === 'final'),
      phases: this.#handlers.phases,
      pdkCalls: this.#handlers.history.calls,
      logLines: [...(handshake?.logLines ?? []), ...this.#transaction.logLines],
      serialized: serialized === undefined ? undefined : parseRecord(serialized),
      errors: this.#handlers.errors,
    }
    return { ...result, report: () => reportRun(result) }
  }

  async #take(step: Exclude<NextStep, { readonly do: 'done' }>): Promise<void> {
    switch (step.do) {
      case 'phase':
        await this.#phase(step.phase)
        break
      case 'route':
        this.#transaction.routed(this.#kong.router.match(step.question))
        break
      case 'proxy': {
        const { seen, answer } = await askUpstream(this.#setup.upstream, step.request)
        this.#serviceRequests.push(seen)
        this.#transaction.serviceAnswered(answer)
        break
      }
      case 'respond':
        this.#client = step.response
    }
  }

  async #phase(phase: 'rewrite' | 'access' | 'response' | 'log'): Promise<void> {
    if (phase === 'access') this.#beforeAccess()
    this.#bundled.runBefore(phase, this.#transaction)
    await this.#handlers.run(phase, this.#transaction)
    this.#bundled.runAfter(phase, this.#transaction)
  }

  /** Kong buffers the response when a plugin of the request has a response handler. Authentication plugins run before the tested one. */
  #beforeAccess(): void {
    const { definition, client } = this.#setup
    if (definition.phases.has('response')) this.#transaction.buffered = true
    if (!client) return
    const args =
      client.credential === undefined ? [toLuaValue(client.consumer)] : [toLuaValue(client.consumer), toLuaValue(client.credential)]
    this.#transaction.pdkCall({ name: 'authentication', id: '' }, 'kong.client.authenticate', args)
  }
}

/** The record of `kong.log.serialize`, from its bytes. */
export function parseRecord(text: string): SerializedLog {
  return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'))
}

/** The plugin whose handlers a test runs. */
interface TestedPlugin {
  readonly definition: PluginDefinition
  readonly instance: PluginInstance
  readonly pluginId: string
  readonly stubs: Stubs
  /** The only phase whose handler runs; undefined for all. */
  readonly only: Phase | undefined
}

/** Runs a plugin's handlers, and notes phases, calls and errors. */
export class HandlerRuns {
  readonly history = new CallHistory()
  readonly errors: HandlerError[] = []
  readonly phases: Phase[] = []

  readonly #plugin: TestedPlugin

  constructor(plugin: TestedPlugin) {
    this.#plugin = plugin
  }

  /** Runs the handler of a phase, when there is one and the test asks for it. */
  async run(phase: Phase, kong: Pick<KongTransaction, 'pdkCall' | 'interrupted'>): Promise<void> {
    const { definition, instance, only, pluginId, stubs } = this.#plugin
    const handled = definition.phases.get(phase)
    if (!handled || kong.interrupted || (only !== undefined && only !== phase)) return
    this.phases.push(phase)
    const outcome = await new Promise<PhaseOutcome>((ended) => {
      simulatedEvent({
        transaction: kong,
        plugin: { name: definition.name, id: pluginId },
        phase: handled,
        stubs,
        record: this.history.record,
        lost: (error) => this.errors.push({ phase, error }),
        ended,
      }).start(instance)
    })
    if (outcome.kind === 'failed') this.errors.push({ phase, error: outcome.error })
  }
}
