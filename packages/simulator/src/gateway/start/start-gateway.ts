import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AdminServer } from '../admin/admin-server.js'
import { createAdminSubject } from '../admin/admin-subject.js'
import { loadDeclarativeConfig } from '../entities/load-declarative-config.js'
import { pluginServerFromScript } from '../plugin-server/plugin-server-from-script.js'
import { PluginServers } from '../plugin-server/plugin-servers.js'
import { checkInstalled } from '../plugins/installed-plugins.js'
import { ProxyServer } from '../proxy/proxy-server.js'
import type { GatewayLog } from '../report/gateway-log.js'
import type { Gateway, GatewayOptions } from './gateway-options.js'
import { watchFile } from './watch-file.js'

/**
 * Starts a stand-in for Kong Gateway: an HTTP proxy on 127.0.0.1 that runs the plugins of a declarative config over the plugin servers'
 * sockets as Kong 3.9 does. Resolves when it takes requests and every plugin server listens.
 * @throws GatewayConfigError for what the config gets wrong, GatewayStartError for a port in use or a plugin server that does not come up.
 * Nothing is left running then.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const log: GatewayLog = options.log ?? (() => undefined)
  const config = await loadDeclarativeConfig(options.config)
  const cleanUps: (() => unknown)[] = []
  const close = async (): Promise<void> => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  }
  try {
    const prefix = options.prefix === undefined ? await mkdtemp(join(tmpdir(), 'kong-ts-')) : resolve(options.prefix)
    if (options.prefix === undefined) cleanUps.push(() => rm(prefix, { recursive: true, force: true }))
    await mkdir(prefix, { recursive: true })
    const scripts = await Promise.all((options.scripts ?? []).map((script) => pluginServerFromScript(script, prefix, options.protocol)))
    const pluginServers = new PluginServers({
      settings: [...(options.pluginServers ?? []), ...scripts],
      prefix,
      log,
      startTimeoutMs: options.startTimeoutMs ?? 20_000,
      graceMs: options.graceMs ?? 5_000,
    })
    cleanUps.push(() => pluginServers.stop())
    await pluginServers.start()
    checkInstalled(options.plugins ?? [], pluginServers.served)
    const nodeId = randomUUID()
    const proxy = createProxy(options, pluginServers, prefix, nodeId, log)
    cleanUps.push(() => proxy.close())
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
      cleanUps.push(() => admin.close())
      admins.push(admin)
    }
    const reload = async (next = options.config): Promise<void> => proxy.use(await loadDeclarativeConfig(next))
    if (options.watch === true && typeof options.config === 'string') cleanUps.push(watchConfig(options.config, reload, log))
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
        // Requests under way end on the old plugin servers before these are told to go.
        await proxy.renew(pluginServers.served, options.socketTimeoutMs ?? 60_000).finally(endOld)
      },
      close: () => (closing ??= close()),
    }
  } catch (error) {
    await close()
    throw error
  }
}

function createProxy(options: GatewayOptions, pluginServers: PluginServers, prefix: string, nodeId: string, log: GatewayLog): ProxyServer {
  const settings = {
    log,
    prefix,
    nodeId,
    workers: options.workers ?? 1,
    settings: options.settings ?? {},
    enabled: options.plugins === undefined ? undefined : new Set(options.plugins),
    consumerHeader: options.consumerHeader,
    env: options.env ?? process.env,
    echoWithoutService: options.echoWithoutService ?? true,
    socketTimeoutMs: options.socketTimeoutMs ?? 60_000,
  }
  return new ProxyServer(settings, pluginServers.served)
}

function watchConfig(file: string, reload: () => Promise<void>, log: GatewayLog): () => void {
  return watchFile(resolve(file), () => {
    reload().then(
      () => log('notice', `${file}: declarative config reloaded`),
      (error: unknown) => log('error', error instanceof Error ? error.message : String(error)),
    )
  })
}
