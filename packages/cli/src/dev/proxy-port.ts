import { GatewayConfigError, type KongSettings } from '@kong-ts/testing/gateway'

const DEFAULT_PORT = 8000

/** The port of the proxy: what the command line says, else `KONG_TS_PROXY_PORT`, else the first plain listener of kong.conf, else Kong's own 8000. */
export function readProxyPort(option: string | undefined, settings: KongSettings | undefined, env: NodeJS.ProcessEnv = process.env): number {
  const said = option ?? env['KONG_TS_PROXY_PORT']
  if (said === undefined || said === '') return settings?.proxyListen?.find(({ tls }) => !tls)?.port ?? DEFAULT_PORT
  const port = Number(said)
  if (!/^\d+$/.test(said) || port > 65535) {
    throw new GatewayConfigError(`${option === undefined ? 'KONG_TS_PROXY_PORT' : '--port'} is "${said}": say a port from 1 to 65535, or 0 for any free one`)
  }
  return port
}
