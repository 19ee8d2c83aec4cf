import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { LuaTable } from '@kong-ts/schema/lua'
import type { KongTransaction, TransactionPhase } from '../../model/index.js'
import type { EventHost } from '../plugins/external-plugin.js'
import type { RequestScope, RunnablePlugin } from '../plugins/plugin-iterator.js'
import { readWholeBody } from '../http/body-pieces.js'
import type { WaitingClient } from '../http/waiting-client.js'
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

/** A string in Node cannot be much longer. */
const MOST_BYTES = 500 * 1024 * 1024

/** Answers the PDK calls for one request. Phases run before the client's body has arrived; calls that read the body wait for it. */
class RequestHost implements EventHost {
  readonly #transaction: KongTransaction
  readonly #client: Pick<WaitingClient, 'body' | 'bodyTimeoutMs'>
  #reading: Promise<void> | undefined
  readonly #file = new SpilledBodyFile()

  constructor(transaction: KongTransaction, client: Pick<WaitingClient, 'body' | 'bodyTimeoutMs'>) {
    this.#transaction = transaction
    this.#client = client
  }

  /** Resolves when the transaction has the body, or knows why it has none. */
  readBody(): Promise<void> {
    return (this.#reading ??= this.#takeBody())
  }

  async pdkCall(...[plugin, method, args]: Parameters<EventHost['pdkCall']>): Promise<Awaited<ReturnType<EventHost['pdkCall']>>> {
    const transaction = this.#transaction
    if (transaction.needsBody(method)) await this.readBody()
    // The plugin may ask for the path of the body's file in order to read it.
    if (method === 'kong.nginx.get_var') this.#file.keep(transaction)
    return transaction.pdkCall(plugin, method, args)
  }

  fail(...[plugin, message]: Parameters<EventHost['fail']>): void {
    this.#transaction.fail(plugin, message)
  }

  /** Removes the file of the body. */
  end(): void {
    this.#file.remove()
  }

  async #takeBody(): Promise<void> {
    const { body, bodyTimeoutMs } = this.#client
    const { bytes, end } = await readWholeBody(body, bodyTimeoutMs, Math.min(MOST_BYTES, this.#transaction.maxBodyBytes))
    this.#transaction.bodyArrived({ bytes, wireBytes: body.wireBytes, end })
  }
}

/** The temporary file of one request's body. Plugins ask for its path (`$request_body_file`) and read it. */
class SpilledBodyFile {
  #path: string | undefined

  /** Writes the file if nginx would have written one. Only this user can read it. */
  keep(transaction: Pick<KongTransaction, 'spilledBody'>): void {
    const body = this.#path === undefined ? transaction.spilledBody : undefined
    if (body === undefined) return
    mkdirSync(dirname(body.path), { recursive: true, mode: 0o700 })
    writeFileSync(body.path, body.content, { mode: 0o600 })
    this.#path = body.path
  }

  remove(): void {
    if (this.#path !== undefined) rmSync(this.#path, { force: true })
  }
}
