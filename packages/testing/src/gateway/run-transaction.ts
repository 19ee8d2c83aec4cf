import {
  LuaTable,
  type ClientResponse,
  type KongTransaction,
  type RouteMatch,
  type ServiceFailure,
  type ServiceRequest,
  type ServiceResponse,
  type TransactionPhase,
} from '../kong/index.js'
import type { RequestScope } from './plugins/plugin-iterator.js'
import type { RunnablePlugin } from './plugins/runnable-plugin.js'
import type { Generation } from './generation.js'

/** What a transaction needs of the world around it. */
export interface TransactionDriver {
  readonly generation: Generation
  readonly worker: number
  /** Stands in for a service where the config names none. */
  completeMatch(match: RouteMatch | undefined): RouteMatch | undefined
  send(request: ServiceRequest): Promise<ServiceResponse | ServiceFailure>
  respond(response: ClientResponse): Promise<void>
  /** Called after each step: lines may have been logged. */
  stepped(): void
}

/** Takes one request through Kong: does what the transaction says is next, until its log phase is over. */
export async function runTransaction(transaction: KongTransaction, driver: TransactionDriver): Promise<void> {
  const phases = new PhaseRunner(transaction, driver)
  for (;;) {
    const step = transaction.next()
    driver.stepped()
    switch (step.do) {
      case 'phase':
        if ((await phases.run(step.phase)) === 'hangs') {
          await driver.respond({ kind: 'silent' })
          return
        }
        break
      case 'route':
        transaction.routed(driver.completeMatch(driver.generation.router.match(step.question)))
        break
      case 'proxy':
        transaction.serviceAnswered(await driver.send(withVerification(step.request, transaction.match)))
        break
      case 'respond':
        await driver.respond(step.response)
        break
      case 'done':
        return
    }
    driver.stepped()
  }
}

/** Where no plugin has said so, the service says whether its certificate is verified. */
function withVerification(request: ServiceRequest, match: RouteMatch | undefined): ServiceRequest {
  return { ...request, verifiesTls: request.verifiesTls ?? match?.service?.get('tls_verify') === true }
}

/** Which plugins run in which phase of one request. */
class PhaseRunner {
  /** The entries access has collected; response and log run these and no others. */
  private collected: RunnablePlugin[] | undefined

  constructor(
    private readonly transaction: KongTransaction,
    private readonly driver: TransactionDriver,
  ) {}

  async run(phase: TransactionPhase): Promise<'done' | 'hangs'> {
    if (phase === 'access') return this.access()
    const { plugins } = this.driver.generation
    const entries =
      phase === 'rewrite' || this.collected === undefined
        ? plugins.global(phase)
        : this.collected.filter((entry) => entry.phases.has(phase))
    for (const entry of entries) {
      if (this.transaction.interrupted) break
      if ((await this.runOne(entry, phase)) === 'hangs') return 'hangs'
    }
    return 'done'
  }

  private async access(): Promise<'done' | 'hangs'> {
    this.collected = []
    for (const entry of this.driver.generation.plugins.collect(() => this.scope())) {
      this.collected.push(entry)
      if (entry.phases.has('response')) this.transaction.buffered = true
      if (this.transaction.interrupted || !entry.phases.has('access')) continue
      if ((await this.runOne(entry, 'access')) === 'hangs') return 'hangs'
    }
    return 'done'
  }

  private async runOne(entry: RunnablePlugin, phase: TransactionPhase): Promise<'done' | 'hangs'> {
    const outcome = await entry.run(phase, this.driver.worker, this.transaction)
    this.driver.stepped()
    return outcome
  }

  private scope(): RequestScope {
    const { match, consumer } = this.transaction
    const route = textField(match?.route, 'id')
    const service = textField(match?.service, 'id')
    const consumerId = textField(consumer instanceof LuaTable ? consumer : undefined, 'id')
    return {
      ...(route === undefined ? {} : { route }),
      ...(service === undefined ? {} : { service }),
      ...(consumerId === undefined ? {} : { consumer: consumerId }),
    }
  }
}

function textField(table: LuaTable | undefined, name: string): string | undefined {
  const value = table?.get(name)
  return typeof value === 'string' ? value : undefined
}
