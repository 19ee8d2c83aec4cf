import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadDeclarativeConfig } from './entities/load-declarative-config.js'
import type { GatewayLog } from './gateway-log.js'
import type { Gateway, GatewayOptions } from './gateway-options.js'
import { pluginServerFromScript } from './plugin-server/plugin-server-from-script.js'
import { PluginServers } from './plugin-server/plugin-servers.js'
import { ProxyServer } from './proxy-server.js'

/**
 * Starts a stand-in for Kong Gateway: an HTTP proxy on 127.0.0.1 that runs the plugins of a declarative config over the plugin servers' sockets as
 * Kong 3.9 does. Resolves when it takes requests and every plugin server listens.
 * @throws GatewayConfigError for what the config gets wrong, GatewayStartError for a port in use or a plugin server that does not come up. Nothing
 * is left running then.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const log: GatewayLog = options.log ?? (() => undefined)
  const config = await loadDeclarativeConfig(options.config)
  const prefix = options.prefix === undefined ? await mkdtemp(join(tmpdir(), 'kong-ts-')) : resolve(options.prefix)
  await mkdir(prefix, { recursive: true })
  const scripts = await Promise.all((options.scripts ?? []).map((script) => pluginServerFromScript(script, prefix)))
  const pluginServers = new PluginServers({
    settings: [...(options.pluginServers ?? []), ...scripts],
    prefix,
    log,
    startTimeoutMs: options.startTimeoutMs ?? 20_000,
    graceMs: options.graceMs ?? 5_000,
  })
  let proxy: ProxyServer | undefined
  const close = async (): Promise<void> => {
    await proxy?.close()
    await pluginServers.stop()
    if (options.prefix === undefined) await rm(prefix, { recursive: true, force: true })
  }
  try {
    await pluginServers.start()
    proxy = new ProxyServer({
      served: pluginServers.served,
      log,
      prefix,
      nodeId: randomUUID(),
      workers: options.workers ?? 1,
      settings: options.settings ?? {},
      env: options.env ?? process.env,
      echoWithoutService: options.echoWithoutService ?? true,
      socketTimeoutMs: options.socketTimeoutMs ?? 60_000,
    })
    proxy.use(config)
    const plain = { host: '127.0.0.1', port: options.proxyPort ?? 0, tls: false, http2: false }
    for (const address of options.proxyListen ?? [plain]) await proxy.listen(address)
  } catch (error) {
    await close()
    throw error
  }
  const running = proxy
  let closing: Promise<void> | undefined
  return {
    proxyUrl: running.urls[0] ?? '',
    proxyUrls: running.urls,
    prefix,
    get pluginServerPids() {
      return pluginServers.pids
    },
    reload: async (next = options.config) => running.use(await loadDeclarativeConfig(next)),
    close: () => (closing ??= close()),
  }
}
