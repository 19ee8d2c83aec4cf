import { join } from 'node:path'
import { GatewayStartError, type GatewayLog } from '../report/gateway-report.js'
import type { PluginServerSettings } from '../settings/kong-settings.js'
import { type ServedPlugin, queryPluginInfo } from './plugin-info.js'
import { PluginServerProcess } from './plugin-server-process.js'
import { SerialQueue } from './serial-queue.js'

interface PluginServersOptions {
  readonly settings: readonly PluginServerSettings[]
  readonly prefix: string
  readonly log: GatewayLog
  /** Longest time from the start of a process until it listens, in ms. */
  readonly startTimeoutMs: number
  /** Time between SIGTERM and SIGKILL at stop, in ms. */
  readonly graceMs: number
}

/** A process and the names of the plugin servers it serves. */
interface NamedProcess {
  readonly names: readonly string[]
  readonly process: PluginServerProcess
}

/** The plugin servers of one gateway. */
export class PluginServers {
  readonly #options: PluginServersOptions
  readonly #closing = new AbortController()
  readonly #renewals = new SerialQueue()
  /** The processes that serve the sockets. */
  #serving: readonly NamedProcess[] = []
  /** The same, and those that start or that finish their last requests. */
  readonly #processes = new Set<NamedProcess>()
  #plugins: ReadonlyMap<string, ServedPlugin> = new Map()
  readonly #killAll = (): void => this.#processes.forEach((each) => each.process.killNow())

  constructor(options: PluginServersOptions) {
    this.#options = options
  }

  /** Plugins by name, with the sockets they are served on. */
  get served(): ReadonlyMap<string, ServedPlugin> {
    return this.#plugins
  }

  /** Process ids of all processes that run. */
  get pids(): number[] {
    return [...this.#processes].map((each) => each.process.pid).filter((pid) => pid !== undefined)
  }

  get #names(): readonly string[] {
    return this.#options.settings.map(({ name }) => name)
  }

  /**
   * Queries every plugin server, then starts those that have a start command and waits until they listen. Names that share a start command
   * and a socket share the process.
   * @throws GatewayStartError, or the reason given to `cancelStarts`. The caller ends with `stop` what was started by then.
   */
  async start(): Promise<void> {
    this.#plugins = await this.#query()
    this.#serving = this.#createProcesses()
    for (const each of this.#serving) this.#processes.add(each)
    if (this.#serving.length > 0) process.once('exit', this.#killAll)
    await Promise.all(this.#serving.map((each) => each.process.start(this.#closing.signal)))
  }

  /**
   * Starts new processes beside those that run, as `kong reload` does, and waits until they have taken the sockets over. Renewals run one
   * after the other, so that a socket has one new process at a time and the last renewal asked for decides who serves it.
   * @param names the plugin servers concerned; default all.
   * @param accept gets what the plugin servers offer before anything is started. What it throws ends the renewal.
   * @returns a function that ends the old processes.
   * @throws GatewayStartError, or the reason given to `cancelStarts`. The old processes then go on.
   */
  renew(names = this.#names, accept: (served: ReadonlyMap<string, ServedPlugin>) => void): Promise<() => Promise<void>> {
    return this.#renewals.add(() => this.#renew(names, accept))
  }

  /** Ends every start that is under way, and refuses later ones: they reject with `reason`. */
  cancelStarts(reason: unknown = new GatewayStartError('the gateway was closed while plugin servers were starting')): void {
    this.#closing.abort(reason)
  }

  /** Ends every plugin server and removes its socket. */
  async stop(): Promise<void> {
    this.cancelStarts()
    await Promise.all([this.#renewals.idle(), ...[...this.#processes].map((each) => each.process.stop())])
    process.off('exit', this.#killAll)
  }

  async #renew(names: readonly string[], accept: (served: ReadonlyMap<string, ServedPlugin>) => void): Promise<() => Promise<void>> {
    const { signal } = this.#closing
    signal.throwIfAborted()
    const unknown = names.find((name) => !this.#names.includes(name))
    if (unknown !== undefined) throw new GatewayStartError(`there is no plugin server "${unknown}"; there are ${this.#names.join(', ')}`)
    const isConcerned = (each: NamedProcess): boolean => each.names.some((name) => names.includes(name))
    const plugins = await this.#query()
    accept(plugins)
    const old = this.#serving.filter(isConcerned)
    const fresh = this.#createProcesses().filter(isConcerned)
    for (const each of fresh) this.#processes.add(each)
    for (const each of old) each.process.hold()
    try {
      await Promise.all(fresh.map((each) => each.process.takeOver(signal)))
    } catch (error) {
      await this.#end(fresh)
      if (!signal.aborted) await Promise.all(old.map((each) => each.process.resume(signal)))
      throw error
    }
    this.#serving = [...this.#serving.filter((each) => !old.includes(each)), ...fresh]
    this.#plugins = plugins
    return () => this.#end(old)
  }

  /** Ends processes whose sockets are served by others. */
  async #end(processes: readonly NamedProcess[]): Promise<void> {
    await Promise.all(processes.map((each) => each.process.stop({ leavesSocket: true })))
    for (const each of processes) this.#processes.delete(each)
  }

  async #query(): Promise<ReadonlyMap<string, ServedPlugin>> {
    const { settings, log } = this.#options
    const { signal } = this.#closing
    const served = await Promise.all(
      settings.map(async (each) => ({ info: await queryPluginInfo(each, log, signal), socket: this.#socketOf(each) })),
    )
    return new Map(served.map((each) => [each.info.name, each]))
  }

  #createProcesses(): NamedProcess[] {
    const { settings, log, startTimeoutMs, graceMs } = this.#options
    const groups = new Map<string, { names: string[]; process: PluginServerProcess }>()
    for (const { name, startCommand, cwd = process.cwd(), ...rest } of settings) {
      if (startCommand === undefined) continue
      const socket = this.#socketOf({ name, ...rest })
      const key = `${socket} ${startCommand}`
      const group = groups.get(key) ?? {
        names: [],
        process: new PluginServerProcess({ name, startCommand, socket, cwd, log, startTimeoutMs, graceMs }),
      }
      group.names.push(name)
      groups.set(key, group)
    }
    return [...groups.values()]
  }

  #socketOf({ name, socket }: Pick<PluginServerSettings, 'name' | 'socket'>): string {
    return socket ?? join(this.#options.prefix, `${name}.socket`)
  }
}
