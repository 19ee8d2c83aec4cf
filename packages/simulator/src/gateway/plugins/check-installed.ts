import { GatewayStartError } from '../gateway-errors.js'
import { KONG_PLUGIN_NAMES } from './kong-plugin-names.js'

/** @throws GatewayStartError for a name of the setting `plugins` that nobody offers, with which Kong does not start either. */
export function checkInstalled(enabled: readonly string[], served: ReadonlyMap<string, unknown>): void {
  const missing = enabled.find((name) => name !== 'bundled' && name !== 'off' && !KONG_PLUGIN_NAMES.has(name) && !served.has(name))
  if (missing === undefined) return
  const offered = [...served.keys()].join(', ') || 'none'
  throw new GatewayStartError(`the plugin "${missing}" is enabled but not installed; plugin servers offer: ${offered}`)
}
