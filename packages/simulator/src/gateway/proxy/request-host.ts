import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { KongTransaction } from '../../model/index.js'
import { readWholeBody } from '../http/body-pieces.js'
import type { WaitingClient } from '../http/waiting-client.js'
import type { EventHost } from '../plugins/external-plugin.js'

/** A text in memory cannot be much longer than this. */
const MOST_BYTES = 500 * 1024 * 1024

/** One request as plugin servers see it: nginx's phases run before the client's body has come, and calls that read it wait for it. */
export class RequestHost implements EventHost {
  readonly #transaction: KongTransaction
  readonly #client: Pick<WaitingClient, 'body' | 'bodyTimeoutMs'>
  #reading: Promise<void> | undefined
  readonly #file = new SpilledBodyFile()

  constructor(transaction: KongTransaction, client: Pick<WaitingClient, 'body' | 'bodyTimeoutMs'>) {
    this.#transaction = transaction
    this.#client = client
  }

  /** Resolves when the transaction has the body, or was told why there is none. */
  readBody(): Promise<void> {
    return (this.#reading ??= this.#takeBody())
  }

  async pdkCall(...[plugin, method, args]: Parameters<EventHost['pdkCall']>): Promise<Awaited<ReturnType<EventHost['pdkCall']>>> {
    const transaction = this.#transaction
    if (transaction.needsBody(method)) await this.readBody()
    // Whoever learns the path of the body's file finds a file there.
    if (method === 'kong.nginx.get_var') this.#file.keep(transaction)
    return transaction.pdkCall(plugin, method, args)
  }

  fail(...[plugin, message]: Parameters<EventHost['fail']>): void {
    this.#transaction.fail(plugin, message)
  }

  /** Removes what was put on disk. */
  end(): void {
    this.#file.remove()
  }

  async #takeBody(): Promise<void> {
    const { body, bodyTimeoutMs } = this.#client
    const { bytes, end } = await readWholeBody(body, bodyTimeoutMs, Math.min(MOST_BYTES, this.#transaction.maxBodyBytes))
    this.#transaction.bodyArrived({ bytes, wireBytes: body.wireBytes, end })
  }
}

/** The temporary file of one request's body, for plugins that ask nginx for its path (`$request_body_file`) and read it. */
export class SpilledBodyFile {
  #path: string | undefined

  /** Writes the file once nginx would have; readable for this user alone. */
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
