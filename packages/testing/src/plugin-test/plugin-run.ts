import type { SerializedLog } from '@kong-ts/core'
import {
  createConnection,
  createTransaction,
  type ClientRequest,
  type ClientResponse,
  type KongNodeOptions,
  type KongTransaction,
  type NextStep,
} from '@kong-ts/simulator'
import { createTestKong, type TestEntities, type TestEntity, type TestKong } from '../exchange/test-entities.js'
import { TestResponse, type TestServiceRequest } from '../exchange/test-message.js'
import { clientRequest, type TestRequest } from '../exchange/test-request.js'
import { askUpstream, type TestUpstream } from '../exchange/test-upstream.js'
import { toLuaValue } from '../mock-pdk/plain-value.js'
import { BundledRuns } from './bundled-runs.js'
import { HandlerRuns, type TestedPlugin } from './handler-runs.js'
import { reportRun, type PluginTestResult } from './plugin-test-result.js'

/** Everything that one request of a test needs. */
export interface PluginRunSetup extends TestedPlugin {
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
