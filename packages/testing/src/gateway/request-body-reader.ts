import type { KongTransaction } from '../kong/index.js'
import { readWholeBody } from './http/read-whole-body.js'
import type { WaitingClient } from './http/waiting-client.js'
import type { EventHost } from './plugins/external-plugin.js'
import { SpilledBodyFile } from './spilled-body-file.js'

/** A text in memory cannot be longer than this. */
const MOST_BYTES = 500 * 1024 * 1024

/** Reads the client's body when something wants to see it: nginx's phases run before it has come. */
export class RequestBodyReader implements EventHost {
  private reading: Promise<void> | undefined
  private readonly file = new SpilledBodyFile()

  constructor(
    private readonly transaction: KongTransaction,
    private readonly client: Pick<WaitingClient, 'body' | 'bodyTimeoutMs'>,
  ) {}

  /** Resolves when the transaction has the body, or was told why there is none. */
  read(): Promise<void> {
    return (this.reading ??= this.readBody())
  }

  /** A PDK call of a plugin server: one that reads the body waits for it. */
  async pdkCall(...[plugin, method, args]: Parameters<EventHost['pdkCall']>): Promise<Awaited<ReturnType<EventHost['pdkCall']>>> {
    const { transaction } = this
    if (transaction.needsBody(method)) await this.read()
    const outcome = transaction.pdkCall(plugin, method, args)
    this.file.keep(transaction)
    return outcome
  }

  fail(...[plugin, message]: Parameters<EventHost['fail']>): void {
    this.transaction.fail(plugin, message)
  }

  /** Removes what was put on disk. */
  end(): void {
    this.file.remove()
  }

  private async readBody(): Promise<void> {
    const { body, bodyTimeoutMs } = this.client
    const { bytes, end } = await readWholeBody(body, bodyTimeoutMs, MOST_BYTES)
    this.transaction.bodyArrived({ bytes, wireBytes: body.wireBytes, end })
  }
}
