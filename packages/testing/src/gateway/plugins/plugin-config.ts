import { createConfigCompleter } from '@kong-ts/core'
import { decodeJson, encodeJson, resolveSecret, utf8ToText, type KongNode } from '../../kong/index.js'
import { GatewayConfigError } from '../gateway-errors.js'
import type { JsonRecord } from '../json-record.js'
import type { ConfiguredPlugin } from '../entities/declarative-config.js'
import { WORKSPACE_ID } from '../entities/collect-entities.js'
import type { PluginInfo } from '../plugin-server/plugin-info.js'
import { KONG_VERSION } from './kong-version.js'

/**
 * The one place that makes of an entry of the declarative config what StartInstance carries: defaults of the plugin's schema filled in, then
 * Kong's own keys. The text is one character a byte.
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
  return encodeJson(decodeJson(utf8ToText(JSON.stringify(document)))?.value)
}

/**
 * Does to a plugin's entry what Kong does before StartInstance: checks it against the schema of the dump, fills in defaults, resolves references.
 * @throws GatewayConfigError with everything that Kong would refuse.
 */
export function completePluginConfig(plugin: ConfiguredPlugin, info: PluginInfo, file: string, node: KongNode): JsonRecord {
  const complete = createConfigCompleter(info.schema, { kongVersion: KONG_VERSION, pluginName: info.name, resolveReference: (reference) => resolveSecret(node, reference) })
  const outcome = complete({ config: plugin.config, ...scopeOf(plugin) })
  switch (outcome.status) {
    case 'completed':
      return outcome.config
    case 'refused': {
      const list = outcome.problems.map(({ path, text }) => `${plugin.path}.${fromZero(path)}: ${text}`).join('; ')
      throw new GatewayConfigError(`${file}: ${list}; the schema of ${info.name} decides, see -dump of its plugin server`)
    }
    case 'crash':
    case 'unusable':
      throw new GatewayConfigError(`${file}: ${plugin.path}: Kong itself fails on this configuration (${outcome.crash}); mend the schema of ${info.name}`)
  }
}

function scopeOf({ scope }: ConfiguredPlugin): JsonRecord {
  return Object.fromEntries(Object.entries(scope).map(([entity, id]) => [entity, { id }]))
}

/** Lua counts positions from 1, people who write YAML and the rest of our messages from 0. */
function fromZero(path: string): string {
  return path.replaceAll(/\[(\d+)\]/g, (_, position: string) => `[${Number(position) - 1}]`)
}
