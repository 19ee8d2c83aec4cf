import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { KongTransaction } from '../../model/index.js'
import { readWholeBody } from '../http/body-pieces.js'
import type { WaitingClient } from '../http/waiting-client.js'
import type { EventHost } from '../plugins/external-plugin.js'

/** A string in Node cannot be much longer. */
const MOST_BYTES = 500 * 1024 * 1024

/** Answers the PDK calls for one request. Phases run before the client's body has arrived; calls that read the body wait for it. */
export class RequestHost implements EventHost {
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
