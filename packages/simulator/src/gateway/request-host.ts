import type { KongTransaction } from '../model/index.js'
import { readWholeBody } from './http/read-whole-body.js'
import type { WaitingClient } from './http/waiting-client.js'
import type { EventHost } from './plugins/external-plugin.js'
import { SpilledBodyFile } from './spilled-body-file.js'

/** A text in memory cannot be much longer than this. */
const MOST_BYTES = 500 * 1024 * 1024

/** One request as plugin servers see it: nginx's phases run before the client's body has come, and calls that read it wait for it. */
export class RequestHost implements EventHost {
  private reading: Promise<void> | undefined
  private readonly file = new SpilledBodyFile()

  constructor(
    private readonly transaction: KongTransaction,
    private readonly client: Pick<WaitingClient, 'body' | 'bodyTimeoutMs'>,
  ) {}

  /** Resolves when the transaction has the body, or was told why there is none. */
  readBody(): Promise<void> {
    return (this.reading ??= this.takeBody())
  }

  async pdkCall(...[plugin, method, args]: Parameters<EventHost['pdkCall']>): Promise<Awaited<ReturnType<EventHost['pdkCall']>>> {
    const { transaction } = this
    if (transaction.needsBody(method)) await this.readBody()
    // Whoever learns the path of the body's file finds a file there.
    if (method === 'kong.nginx.get_var') this.file.keep(transaction)
    return transaction.pdkCall(plugin, method, args)
  }

  fail(...[plugin, message]: Parameters<EventHost['fail']>): void {
    this.transaction.fail(plugin, message)
  }

  /** Removes what was put on disk. */
  end(): void {
    this.file.remove()
  }

  private async takeBody(): Promise<void> {
    const { body, bodyTimeoutMs } = this.client
    const { bytes, end } = await readWholeBody(body, bodyTimeoutMs, Math.min(MOST_BYTES, this.transaction.maxBodyBytes))
    this.transaction.bodyArrived({ bytes, wireBytes: body.wireBytes, end })
  }
}
