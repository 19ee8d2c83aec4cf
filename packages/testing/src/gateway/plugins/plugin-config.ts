import { decodeJson, encodeJson, utf8ToText } from '../../kong/index.js'
import { GatewayConfigError } from '../gateway-errors.js'
import { isRecord, type JsonRecord } from '../json-record.js'
import type { ConfiguredPlugin } from '../entities/declarative-config.js'
import { WORKSPACE_ID } from '../entities/collect-entities.js'
import type { PluginInfo } from '../plugin-server/plugin-info.js'

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
 * Fills in what the schema of the plugin's dump has as defaults.
 * @throws GatewayConfigError naming the first field that Kong would refuse.
 */
export function completePluginConfig(plugin: ConfiguredPlugin, info: PluginInfo, file: string): JsonRecord {
  const fields = Array.isArray(info.schema['fields']) ? info.schema['fields'] : []
  const config: unknown = fields.filter(isRecord).map((field) => field['config']).find((field) => field !== undefined)
  return completeRecord(isRecord(config) ? config : {}, plugin.config, `${file}: ${plugin.path}.config`)
}

function completeRecord(schema: JsonRecord, value: JsonRecord, where: string): JsonRecord {
  const result: Record<string, unknown> = {}
  const known = new Set<string>()
  for (const entry of Array.isArray(schema['fields']) ? schema['fields'].filter(isRecord) : []) {
    for (const [name, field] of Object.entries(entry)) {
      known.add(name)
      if (!isRecord(field)) continue
      const completed = completeField(field, value[name], `${where}.${name}`)
      if (completed !== undefined) result[name] = completed
    }
  }
  for (const name of Object.keys(value)) {
    if (!known.has(name)) throw new GatewayConfigError(`${where}.${name}: unknown field; the plugin's schema has ${[...known].join(', ') || 'no fields'}`)
  }
  return result
}

function completeField(field: JsonRecord, value: unknown, where: string): unknown {
  const isNestedRecord = field['type'] === 'record'
  const given = value === null ? undefined : (value ?? field['default'])
  if (isNestedRecord && field['required'] !== false) return completeRecord(field, isRecord(given) ? given : {}, where)
  if (given === undefined) {
    if (field['required'] === true) throw new GatewayConfigError(`${where}: required field missing; give it a value`)
    return undefined
  }
  return isNestedRecord && isRecord(given) ? completeRecord(field, given, where) : given
}
