import { dispatchPhase, type Phase, type PluginDefinition, type PluginInstance, type SerializedLog } from '@kong-ts/core'
import { createTransaction, type ClientResponse, type KongNodeOptions, type KongTransaction, type NextStep } from '../kong/index.js'
import { CallHistory } from '../mock-pdk/call-history.js'
import { toLuaValue } from '../mock-pdk/plain-value.js'
import { simulatedCalls } from '../mock-pdk/simulated-calls.js'
import type { Stubs } from '../mock-pdk/stubs.js'
import type { HandlerError, PluginTestResult } from './plugin-test-result.js'
import { createTestKong, type TestEntities, type TestEntity, type TestKong } from './test-entities.js'
import { TestResponse, type TestServiceRequest } from './test-message.js'
import { clientRequest, type TestRequest } from './test-request.js'
import { askUpstream, type TestUpstream } from './test-upstream.js'

/** Everything one request of a test needs. */
export interface PluginRunSetup {
  readonly definition: PluginDefinition
  readonly instance: PluginInstance
  readonly pluginId: string
  readonly entities: TestEntities
  readonly node: KongNodeOptions
  readonly request: TestRequest
  readonly upstream: TestUpstream
  readonly stubs: Stubs
  readonly client: { readonly consumer: TestEntity; readonly credential: TestEntity | undefined } | undefined
  /** The only phase whose handler runs; undefined for all. */
  readonly only: Phase | undefined
}

/** Takes one request of a test through the simulated Kong. */
export class PluginRun {
  private readonly kong: TestKong
  private readonly transaction: KongTransaction
  private readonly history = new CallHistory()
  private readonly errors: HandlerError[] = []
  private readonly phases: Phase[] = []
  private readonly serviceRequests: TestServiceRequest[] = []
  private client: ClientResponse = { kind: 'silent' }

  constructor(private readonly setup: PluginRunSetup) {
    this.kong = createTestKong(setup.entities, setup.node)
    this.transaction = createTransaction(this.kong.node, clientRequest(setup.request))
  }

  async run(): Promise<PluginTestResult> {
    for (let step = this.transaction.next(); step.do !== 'done'; step = this.transaction.next()) await this.take(step)
    const { client } = this
    const serialized = this.transaction.serialized()
    return {
      response: client.kind === 'response' ? new TestResponse(client.status, client.reason, client.headers, client.body) : undefined,
      connection: client.kind,
      serviceRequest: this.serviceRequests.at(-1),
      serviceRequests: this.serviceRequests,
      phases: this.phases,
      pdkCalls: this.history.calls,
      logLines: this.transaction.logLines,
      serialized: serialized === undefined ? undefined : parseRecord(serialized),
      errors: this.errors,
    }
  }

  private async take(step: Exclude<NextStep, { readonly do: 'done' }>): Promise<void> {
    switch (step.do) {
      case 'phase':
        await this.phase(step.phase)
        break
      case 'route':
        this.transaction.routed(this.kong.router.match(step.question))
        break
      case 'proxy': {
        const { seen, answer } = await askUpstream(this.setup.upstream, step.request)
        this.serviceRequests.push(seen)
        this.transaction.serviceAnswered(answer)
        break
      }
      case 'respond':
        this.client = step.response
    }
  }

  private async phase(phase: 'rewrite' | 'access' | 'response' | 'log'): Promise<void> {
    const { definition, instance, only } = this.setup
    if (phase === 'access') this.beforeAccess()
    const handled = definition.phases.get(phase)
    if (!handled || this.transaction.interrupted || (only !== undefined && only !== phase)) return
    this.phases.push(phase)
    const plugin = { name: definition.name, id: this.setup.pluginId }
    const calls = simulatedCalls({ transaction: this.transaction, plugin, phase, stubs: this.setup.stubs, record: this.history.record, lost: (error) => this.errors.push({ phase, error }) })
    const outcome = await dispatchPhase(instance, handled, calls)
    if (outcome.kind === 'failed') this.errors.push({ phase, error: outcome.error })
  }

  /** Kong buffers the response as soon as a plugin with a response handler takes part; authentication plugins run first. */
  private beforeAccess(): void {
    const { definition, client } = this.setup
    if (definition.phases.has('response')) this.transaction.buffered = true
    if (!client) return
    const args = client.credential === undefined ? [toLuaValue(client.consumer)] : [toLuaValue(client.consumer), toLuaValue(client.credential)]
    this.transaction.pdkCall({ name: 'authentication', id: '' }, 'kong.client.authenticate', args)
  }
}

function parseRecord(text: string): SerializedLog {
  return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'))
}
