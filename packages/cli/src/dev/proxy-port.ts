import { GatewayConfigError } from '@kong-ts/simulator/gateway'

/**
 * The port of the proxy that the command line or `KONG_TS_PROXY_PORT` asks for; `undefined` when neither does.
 *
 * @throws GatewayConfigError for what is no port.
 */
export function readProxyPort(option: string | undefined, env: NodeJS.ProcessEnv = process.env): number | undefined {
  const said = option ?? env['KONG_TS_PROXY_PORT']
  if (said === undefined || said === '') return undefined
  const port = Number(said)
  if (!/^\d+$/.test(said) || port > 65535) {
    throw new GatewayConfigError(
      `${option === undefined ? 'KONG_TS_PROXY_PORT' : '--port'} is "${said}": say a port from 1 to 65535, or 0 for any free one`,
    )
  }
  return port
}
