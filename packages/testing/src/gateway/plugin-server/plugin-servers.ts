import { join } from 'node:path'
import type { GatewayLog } from '../gateway-log.js'
import type { ServedPlugin } from '../worker.js'
import { PluginServerProcess } from './plugin-server-process.js'
import type { PluginServerSettings } from './plugin-server-settings.js'
import { queryPluginInfo } from './query-plugin-info.js'

export interface PluginServersOptions {
  readonly settings: readonly PluginServerSettings[]
  readonly prefix: string
  readonly log: GatewayLog
  readonly startTimeoutMs: number
  readonly graceMs: number
}

/** The plugin servers of one gateway. */
export class PluginServers {
  private readonly processes: PluginServerProcess[] = []
  private readonly plugins = new Map<string, ServedPlugin>()
  private readonly killAll = (): void => this.processes.forEach((each) => each.killNow())

  constructor(private readonly options: PluginServersOptions) {}

  /** Plugins by name, with the sockets they are served on. */
  get served(): ReadonlyMap<string, ServedPlugin> {
    return this.plugins
  }

  get pids(): number[] {
    return this.processes.map((each) => each.pid).filter((pid) => pid !== undefined)
  }

  /**
   * Queries every plugin server, then starts those that have a start command and waits until they listen. Names that share a start command and a
   * socket share the process.
   * @throws GatewayStartError; what was started by then is ended by `stop`.
   */
  async start(): Promise<void> {
    const { settings, log, startTimeoutMs } = this.options
    const infos = await Promise.all(settings.map((each) => queryPluginInfo(each, log)))
    for (const [index, each] of settings.entries()) {
      const info = infos[index]
      if (info === undefined) continue
      this.plugins.set(info.name, { info, socket: this.socketOf(each) })
    }
    const processes = this.createProcesses()
    if (processes.length > 0) process.once('exit', this.killAll)
    await Promise.all(processes.map((each) => each.start(startTimeoutMs)))
  }

  /** Ends every plugin server and removes its socket. */
  async stop(): Promise<void> {
    await Promise.all(this.processes.map((each) => each.stop()))
    process.off('exit', this.killAll)
  }

  private createProcesses(): PluginServerProcess[] {
    const { settings, log, graceMs } = this.options
    const started = new Set<string>()
    for (const { name, startCommand, cwd = process.cwd(), ...rest } of settings) {
      const socket = this.socketOf({ name, ...rest })
      const key = `${socket} ${startCommand}`
      if (startCommand === undefined || started.has(key)) continue
      started.add(key)
      this.processes.push(new PluginServerProcess({ name, startCommand, socket, cwd, log, graceMs }))
    }
    return this.processes
  }

  private socketOf({ name, socket }: Pick<PluginServerSettings, 'name' | 'socket'>): string {
    return socket ?? join(this.options.prefix, `${name}.socket`)
  }
}
