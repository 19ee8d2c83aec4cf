import { decodeJson, encodeJson, toLuaText } from '@kong-ts/schema/lua'
import { completeConfig } from '@kong-ts/schema'
import { type ClientRequest, createTransaction, KONG_VERSION, type KongNode } from '../../model/index.js'
import { WORKSPACE_ID } from '../entities/collect-entities.js'
import type { ConfiguredPlugin } from '../entities/declarative-config.js'
import type { JsonRecord } from '../entities/json-record.js'
import type { PluginInfo } from '../plugin-server/plugin-info.js'
import { GatewayConfigError } from '../report/gateway-report.js'

/** Problems named in one message. */
const MOST_PROBLEMS = 3

/**
 * Completes a plugin's configuration as Kong does: checks it against the plugin's schema, fills in defaults, and resolves references to
 * vaults.
 * @throws GatewayConfigError that names the fields that Kong would refuse.
 */
export function completePluginConfig(
  plugin: ConfiguredPlugin,
  info: PluginInfo,
  file: string,
  resolveReference: (reference: string) => string | undefined,
): JsonRecord {
  const outcome = completeConfig(info.schema, plugin.entry, { kongVersion: KONG_VERSION, pluginName: plugin.name, resolveReference })
  const where = `${file}: ${plugin.path}`
  if (outcome.status === 'completed') return outcome.config
  if (outcome.status !== 'refused')
    throw new GatewayConfigError(`${where}: Kong's own code fails on this configuration (${outcome.crash}); write it another way`)
  const problems = outcome.problems.slice(0, MOST_PROBLEMS).map(({ path, text }) => `${fromZero(path)}: ${text}`)
  const more = outcome.problems.length - problems.length
  throw new GatewayConfigError(
    `${where}.${problems.join('; ')}${more > 0 ? `; and ${more} more` : ''}; write what the schema of "${plugin.name}" takes`,
  )
}

/**
 * The Config text of StartInstance: the completed configuration with the keys that Kong adds, one character a byte.
 * @param sequence Kong's `__seq__` of this configuration.
 */
export function pluginConfigText(plugin: ConfiguredPlugin, config: JsonRecord, sequence: number): string {
  const { route, service, consumer } = plugin.scope
  const document = {
    ...config,
    __key__: ['plugins', plugin.name, route ?? '', service ?? '', consumer ?? '', '', WORKSPACE_ID].join(':'),
    __seq__: sequence,
    __plugin_id: plugin.id,
    __ws_id: WORKSPACE_ID,
    ...(route === undefined ? {} : { route_id: route }),
    ...(service === undefined ? {} : { service_id: service }),
    ...(consumer === undefined ? {} : { consumer_id: consumer }),
    ...(plugin.instanceName === undefined ? {} : { plugin_instance_name: plugin.instanceName }),
  }
  return encodeJson(decodeJson(toLuaText(JSON.stringify(document)))?.value)
}

/** Kong counts positions from 1, paths in messages of this gateway from 0. */
function fromZero(path: string): string {
  return path.replace(/\[(\d+)\]/g, (_, position) => `[${Number(position) - 1}]`)
}

const NOWHERE = { ip: '127.0.0.1', port: 0 }
const NO_REQUEST: ClientRequest = {
  method: 'GET',
  target: '/',
  httpVersion: '1.1',
  headers: [],
  body: new Uint8Array(),
  peer: NOWHERE,
  local: NOWHERE,
}

/** Resolves references to vaults for plugin configurations as `kong.vault.get` does, outside any request. */
export function createVaultResolver(node: KongNode): (reference: string) => string | undefined {
  return (reference) => {
    const answer = createTransaction(node, NO_REQUEST).pdkCall({ name: '', id: '' }, 'kong.vault.get', [
      Buffer.from(reference).toString('latin1'),
    ])
    const secret = answer.outcome === 'answered' ? answer.value : undefined
    return typeof secret === 'string' ? Buffer.from(secret, 'latin1').toString('utf8') : undefined
  }
}
