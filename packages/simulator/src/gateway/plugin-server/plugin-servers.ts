import { join } from 'node:path'
import { GatewayStartError } from '../report/gateway-errors.js'
import type { GatewayLog } from '../report/gateway-log.js'
import type { PluginServerSettings } from '../settings/kong-settings.js'
import type { ServedPlugin } from './plugin-info.js'
import { PluginServerProcess } from './plugin-server-process.js'
import { queryPluginInfo } from './query-plugin-info.js'

export interface PluginServersOptions {
  readonly settings: readonly PluginServerSettings[]
  readonly prefix: string
  readonly log: GatewayLog
  readonly startTimeoutMs: number
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
  #processes: readonly NamedProcess[] = []
  #plugins: ReadonlyMap<string, ServedPlugin> = new Map()
  readonly #killAll = (): void => this.#processes.forEach((each) => each.process.killNow())

  constructor(options: PluginServersOptions) {
    this.#options = options
  }

  /** Plugins by name, with the sockets they are served on. */
  get served(): ReadonlyMap<string, ServedPlugin> {
    return this.#plugins
  }

  get #names(): readonly string[] {
    return this.#options.settings.map(({ name }) => name)
  }

  get pids(): number[] {
    return this.#processes.map((each) => each.process.pid).filter((pid) => pid !== undefined)
  }

  /**
   * Queries every plugin server, then starts those that have a start command and waits until they listen. Names that share a start command
   * and a socket share the process.
   * @throws GatewayStartError; what was started by then is ended by `stop`.
   */
  async start(): Promise<void> {
    this.#plugins = await this.#query()
    this.#processes = this.#createProcesses()
    if (this.#processes.length > 0) process.once('exit', this.#killAll)
    await Promise.all(this.#processes.map((each) => each.process.start(this.#options.startTimeoutMs)))
  }

  /**
   * Starts new processes beside those that run, as `kong reload` does, and waits until they have taken over the sockets.
   * @param names the plugin servers concerned; default all.
   * @param accept told what they offer before anything is started; what it throws ends the attempt.
   * @returns a function that ends the old processes.
   * @throws GatewayStartError and leaves the old ones as they were.
   */
  async renew(names = this.#names, accept: (served: ReadonlyMap<string, ServedPlugin>) => void): Promise<() => Promise<void>> {
    const unknown = names.find((name) => !this.#options.settings.some((each) => each.name === name))
    if (unknown !== undefined) throw new GatewayStartError(`there is no plugin server "${unknown}"; there are ${this.#names.join(', ')}`)
    const isConcerned = (each: NamedProcess): boolean => each.names.some((name) => names.includes(name))
    const plugins = await this.#query()
    accept(plugins)
    const old = this.#processes.filter(isConcerned)
    const fresh = this.#createProcesses().filter(isConcerned)
    this.#processes = [...this.#processes, ...fresh]
    try {
      await Promise.all(fresh.map((each) => each.process.start(this.#options.startTimeoutMs, true)))
    } catch (error) {
      this.#processes = this.#processes.filter((each) => !fresh.includes(each))
      await Promise.all(fresh.map((each) => each.process.stop()))
      throw error
    }
    this.#plugins = plugins
    return async () => {
      await Promise.all(old.map((each) => each.process.stop()))
      this.#processes = this.#processes.filter((each) => !old.includes(each))
    }
  }

  /** Ends every plugin server and removes its socket. */
  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.process.stop()))
    process.off('exit', this.#killAll)
  }

  async #query(): Promise<ReadonlyMap<string, ServedPlugin>> {
    const { settings, log } = this.#options
    const infos = await Promise.all(
      settings.map(async (each) => ({ info: await queryPluginInfo(each, log), socket: this.#socketOf(each) })),
    )
    return new Map(infos.map((served) => [served.info.name, served]))
  }

  #createProcesses(): NamedProcess[] {
    const { settings, log, graceMs } = this.#options
    const groups = new Map<string, { names: string[]; process: PluginServerProcess }>()
    for (const { name, startCommand, cwd = process.cwd(), ...rest } of settings) {
      if (startCommand === undefined) continue
      const socket = this.#socketOf({ name, ...rest })
      const key = `${socket} ${startCommand}`
      const group = groups.get(key) ?? { names: [], process: new PluginServerProcess({ name, startCommand, socket, cwd, log, graceMs }) }
      group.names.push(name)
      groups.set(key, group)
    }
    return [...groups.values()]
  }

  #socketOf({ name, socket }: Pick<PluginServerSettings, 'name' | 'socket'>): string {
    return socket ?? join(this.#options.prefix, `${name}.socket`)
  }
}
