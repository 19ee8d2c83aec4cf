import { LuaTable } from '@kong-ts/schema/lua'
import { type KongTransaction, type TransactionPhase } from '../../model/index.js'
import type { EventHost } from '../plugins/external-plugin.js'
import type { RequestScope, RunnablePlugin } from '../plugins/plugin-iterator.js'
import { RequestHost } from './request-host.js'
import { ServiceExchange, type TransactionDriver } from './service-exchange.js'

/** Runs one request: asks the transaction what comes next and does it, until the log phase is over. */
export async function runTransaction(transaction: KongTransaction, driver: TransactionDriver): Promise<void> {
  const { client } = driver
  const host = new RequestHost(transaction, client)
  const phases = new PhaseRunner(transaction, driver, host)
  const service = new ServiceExchange(transaction, driver)
  try {
    for (;;) {
      const step = transaction.next()
      driver.stepped()
      switch (step.do) {
        case 'phase':
          if ((await phases.run(step.phase)) === 'hangs') {
            await client.respond({ kind: 'silent' })
            return
          }
          break
        case 'route':
          transaction.routed(driver.completeMatch(driver.generation.router.match(step.question)))
          break
        case 'read-body':
          await host.readBody()
          break
        case 'proxy':
          await service.ask(step.request)
          break
        case 'respond':
          service.leave()
          await client.respond(step.response)
          transaction.bodyReceived(client.body.wireBytes)
          break
        case 'pass':
          transaction.passed(await service.pass(step.response, step.flushes))
          transaction.bodyReceived(client.body.wireBytes)
          break
        case 'tunnel':
          transaction.passed(await service.tunnel(step.response))
          break
        case 'done':
          return
      }
      driver.stepped()
    }
  } finally {
    service.leave()
    host.end()
  }
}

/** Runs the plugins of one request, phase by phase. */
class PhaseRunner {
  readonly #transaction: KongTransaction
  readonly #driver: TransactionDriver
  readonly #host: EventHost
  /** The entries that the access phase has collected. Only these run in the phases response and log. */
  #collected: RunnablePlugin[] | undefined

  constructor(transaction: KongTransaction, driver: TransactionDriver, host: EventHost) {
    this.#transaction = transaction
    this.#driver = driver
    this.#host = host
  }

  async run(phase: TransactionPhase): Promise<'done' | 'hangs'> {
    if (phase === 'access') return this.#access()
    const { plugins } = this.#driver.generation
    const entries =
      phase === 'rewrite' || this.#collected === undefined
        ? plugins.global(phase)
        : this.#collected.filter((entry) => entry.phases.has(phase))
    for (const entry of entries) {
      if (this.#transaction.interrupted) break
      if ((await this.#runOne(entry, phase)) === 'hangs') return 'hangs'
    }
    return 'done'
  }

  async #access(): Promise<'done' | 'hangs'> {
    this.#collected = []
    for (const entry of this.#driver.generation.plugins.collect(() => this.#scope())) {
      this.#collected.push(entry)
      if (entry.phases.has('response')) this.#transaction.buffered = true
      if (this.#transaction.interrupted || !entry.phases.has('access')) continue
      if ((await this.#runOne(entry, 'access')) === 'hangs') return 'hangs'
    }
    return 'done'
  }

  async #runOne(entry: RunnablePlugin, phase: TransactionPhase): Promise<'done' | 'hangs'> {
    const outcome = await entry.run(phase, this.#driver.worker, { transaction: this.#transaction, host: this.#host })
    this.#driver.stepped()
    return outcome
  }

  #scope(): RequestScope {
    const { match, consumer } = this.#transaction
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
