import type { ListenAddress } from '../settings/kong-settings.js'
import { readKongConf } from '../settings/read-kong-conf.js'
import type { Gateway, GatewayOptions } from './gateway-options.js'
import { startGateway } from './start-gateway.js'

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
