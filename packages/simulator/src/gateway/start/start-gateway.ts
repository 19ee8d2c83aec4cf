import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { AdminServer, createAdminSubject } from '../admin/admin-server.js'
import { loadDeclarativeConfig } from '../entities/load-declarative-config.js'
import { pluginServerFromScript } from '../plugin-server/plugin-server-from-script.js'
import { PluginServers } from '../plugin-server/plugin-servers.js'
import { SerialQueue } from '../plugin-server/serial-queue.js'
import { checkInstalled } from '../plugins/installed-plugins.js'
import { ProxyServer } from '../proxy/proxy-server.js'
import type { GatewayLog } from '../report/gateway-report.js'
import type { ListenAddress } from '../settings/kong-settings.js'
import { readKongConf } from '../settings/read-kong-conf.js'
import type { Gateway, GatewayOptions } from './gateway-options.js'
import { watchFolder } from './watch-folder.js'

const DEFAULT_SOCKET_TIMEOUT_MS = 60_000
const DEFAULT_START_TIMEOUT_MS = 20_000
const DEFAULT_GRACE_MS = 5_000
/** Editors write a file in several steps. Steps within this time are one change. */
const SAVE_MS = 50

/**
 * Starts a stand-in for Kong Gateway: an HTTP proxy on 127.0.0.1 that runs the plugins of a declarative config over the sockets of plugin
 * servers, as Kong 3.9 does. Resolves when it takes requests and every plugin server listens.
 * @throws GatewayConfigError for a mistake in the config, GatewayStartError for a port in use or a plugin server that does not start, or
 * the reason of `options.signal`. Nothing keeps running then.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const log: GatewayLog = options.log ?? (() => undefined)
  const socketTimeoutMs = options.socketTimeoutMs ?? DEFAULT_SOCKET_TIMEOUT_MS
  options.signal?.throwIfAborted()
  const config = await loadDeclarativeConfig(options.config)
  const steps = new ClosingSteps()
  try {
    const prefix = options.prefix === undefined ? await mkdtemp(join(tmpdir(), 'kong-ts-')) : resolve(options.prefix)
    if (options.prefix === undefined) steps.add(() => rm(prefix, { recursive: true, force: true }))
    await mkdir(prefix, { recursive: true })
    const scripts = await Promise.all((options.scripts ?? []).map((script) => pluginServerFromScript(script, prefix, options.protocol)))
    const pluginServers = new PluginServers({
      settings: [...(options.pluginServers ?? []), ...scripts],
      prefix,
      log,
      startTimeoutMs: options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
      graceMs: options.graceMs ?? DEFAULT_GRACE_MS,
    })
    steps.add(() => pluginServers.stop())
    await startUnlessAborted(pluginServers, options.signal)
    checkInstalled(options.plugins ?? [], pluginServers.served)
    const nodeId = randomUUID()
    const proxy = createProxy(options, pluginServers, prefix, nodeId, log, socketTimeoutMs)
    steps.add(() => proxy.close())
    proxy.use(config)
    const plain = { host: '127.0.0.1', port: options.proxyPort ?? 0, tls: false, http2: false }
    for (const address of options.proxyListen ?? [plain]) await proxy.listen(address)
    for (const address of options.streamListen ?? []) await proxy.listenStream(address)
    const admins: AdminServer[] = []
    for (const address of options.adminListen ?? []) {
      const admin = await AdminServer.listen(
        address,
        createAdminSubject(proxy, () => pluginServers.served, nodeId),
      )
      steps.add(() => admin.close())
      admins.push(admin)
    }
    const reloads = new SerialQueue()
    const reload = (next = options.config): Promise<void> => reloads.add(async () => proxy.use(await loadDeclarativeConfig(next)))
    if (options.watch === true && typeof options.config === 'string') steps.add(watchConfig(options.config, reload, log))
    // The first step of closing, because the steps after it would wait for plugin servers that start.
    steps.add(() => pluginServers.cancelStarts())
    let closing: Promise<void> | undefined
    return {
      proxyUrl: proxy.urls[0] ?? '',
      proxyUrls: proxy.urls,
      streamPorts: proxy.streamPorts,
      adminUrls: admins.map(({ url }) => url),
      prefix,
      get pluginServerPids() {
        return pluginServers.pids
      },
      reload,
      restartPluginServers: async (names) => {
        const endOld = await pluginServers.renew(names, (served) => proxy.checkFits(served))
        // Requests under way end on the old plugin servers before these are told to end.
        await proxy.renew(pluginServers.served, socketTimeoutMs).finally(endOld)
      },
      close: () => (closing ??= steps.run()),
    }
  } catch (error) {
    await steps.run().catch((fault: unknown) => log('error', textOf(fault)))
    throw error
  }
}

async function startUnlessAborted(pluginServers: PluginServers, signal: AbortSignal | undefined): Promise<void> {
  const abort = (): void => pluginServers.cancelStarts(signal?.reason)
  signal?.addEventListener('abort', abort)
  try {
    signal?.throwIfAborted()
    await pluginServers.start()
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

function createProxy(
  options: GatewayOptions,
  pluginServers: PluginServers,
  prefix: string,
  nodeId: string,
  log: GatewayLog,
  socketTimeoutMs: number,
): ProxyServer {
  const settings = {
    log,
    prefix,
    nodeId,
    socketTimeoutMs,
    workers: options.workers ?? 1,
    settings: options.settings ?? {},
    enabled: options.plugins === undefined ? undefined : new Set(options.plugins),
    consumerHeader: options.consumerHeader,
    env: options.env ?? process.env,
    echoWithoutService: options.echoWithoutService ?? true,
  }
  return new ProxyServer(settings, pluginServers.served)
}

function watchConfig(file: string, reload: () => Promise<void>, log: GatewayLog): () => void {
  const path = resolve(file)
  // Watches the folder, because editors replace the file by another one.
  const watched = { folder: dirname(path), counts: (name: string) => name === basename(path), settleMs: SAVE_MS }
  return watchFolder(watched, () => {
    reload().then(
      () => log('notice', `${file}: declarative config reloaded`),
      (error: unknown) => log('error', textOf(error)),
    )
  })
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Kong's default for proxy_listen, on loopback. */
const DEFAULT_PROXY_LISTEN: readonly ListenAddress[] = [
  { host: '127.0.0.1', port: 8000, tls: false, http2: false },
  { host: '127.0.0.1', port: 8443, tls: true, http2: true },
]

/** A Kong without declarative config serves no routes. */
const NO_ENTITIES = { _format_version: '3.0' }

/**
 * Starts the gateway from the files that Kong starts from: a kong.conf, and the declarative config that it names. `KONG_*` variables of the
 * environment win over the file. Each setting that is not simulated is logged once. The Admin API listens when `admin_listen` is set.
 * Unlike `startGateway`, it is as strict as Kong: plugins must be listed in `plugins`, and a route without service answers 503.
 * @throws GatewayConfigError, GatewayStartError
 */
export async function startGatewayFromConf(
  file: string,
  options: Pick<GatewayOptions, 'log' | 'env' | 'watch' | 'signal'> = {},
): Promise<Gateway> {
  const { settings, warnings } = await readKongConf(file, options.env)
  for (const warning of warnings) options.log?.('warn', warning)
  return startGateway({
    ...options,
    config: settings.declarativeConfig ?? NO_ENTITIES,
    pluginServers: settings.pluginServers,
    plugins: settings.plugins ?? ['bundled'],
    proxyListen: settings.proxyListen ?? DEFAULT_PROXY_LISTEN,
    settings: settings.node,
    echoWithoutService: false,
    ...(settings.adminListen === undefined ? {} : { adminListen: settings.adminListen }),
    ...(settings.streamListen === undefined ? {} : { streamListen: settings.streamListen }),
    ...(settings.prefix === undefined ? {} : { prefix: settings.prefix }),
    ...(settings.workerProcesses === undefined ? {} : { workers: settings.workerProcesses }),
  })
}

/** What has to be undone at the end, the newest first. */
export class ClosingSteps {
  readonly #steps: (() => unknown)[] = []

  add(step: () => unknown): void {
    this.#steps.push(step)
  }

  /** Takes every step, whether or not the one before it failed. @throws the first error. */
  async run(): Promise<void> {
    const faults: unknown[] = []
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step()
      } catch (fault) {
        faults.push(fault)
      }
    }
    if (faults.length > 0) throw faults[0]
  }
}
