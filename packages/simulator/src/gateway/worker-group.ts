import { Worker, type ServedPlugin } from './worker.js'
import type { GatewayLog } from './gateway-log.js'

export interface WorkerGroupOptions {
  readonly served: ReadonlyMap<string, ServedPlugin>
  readonly size: number
  readonly log: GatewayLog
  readonly socketTimeoutMs: number
  readonly prefix: string
}

/** The workers that run together, until `kong reload` puts others in their place: these then end what they have begun. */
export class WorkerGroup {
  readonly workers: readonly Worker[]
  private readonly running = new Set<Promise<void>>()

  constructor({ served, size, log, socketTimeoutMs, prefix }: WorkerGroupOptions) {
    const resetEverywhere = (plugin: string): void => this.workers.forEach((worker) => worker.plugin(plugin)?.reset())
    this.workers = Array.from(
      { length: size },
      () => new Worker({ plugins: [...served.values()], log, socketTimeoutMs, prefix, resetEverywhere }),
    )
  }

  /** Counts work as running until it settles. */
  track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.running.delete(tracked))
    this.running.add(tracked)
    return tracked
  }

  /** Resolves when nothing runs any more, at the latest after `longestMs`, and closes the connections to the plugin servers. */
  async finish(longestMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestMs)
    })
    await Promise.race([Promise.all(this.running), enough])
    clearTimeout(timer)
    for (const worker of this.workers) worker.close()
  }
}
