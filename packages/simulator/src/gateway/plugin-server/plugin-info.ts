import { isRecord, type JsonRecord } from '../entities/json-record.js'

export type PluginServerProtocol = 'MsgPack:1' | 'ProtoBuf:1'

/** What Kong knows of an external plugin: the first plugin in the output of its query command. */
export interface PluginInfo {
  readonly name: string
  readonly priority: number
  readonly version: string
  readonly phases: readonly string[]
  readonly protocol: PluginServerProtocol
  /** The plugin's schema, unchanged. */
  readonly schema: JsonRecord
}

/** An external plugin together with the socket its plugin server listens on. */
export interface ServedPlugin {
  readonly info: PluginInfo
  readonly socket: string
}

/**
 * Reads the plugin info from a dump. Kong 3.9 uses only the first plugin, and speaks MsgPack:1 when there is no `Protocol`.
 * @returns the plugin info, or the reason why Kong would not start with it.
 */
export function readPluginInfo(dump: unknown): PluginInfo | string {
  const document = isRecord(dump) ? dump : {}
  const plugins = Array.isArray(dump) ? dump : document['Plugins']
  const first: unknown = Array.isArray(plugins) ? plugins[0] : undefined
  if (!isRecord(first)) return 'lists no plugin'
  const { Name: name, Priority: priority, Version: version, Phases: phases, Schema: schema } = first
  if (typeof name !== 'string' || name === '') return 'has a plugin without Name'
  if (typeof priority !== 'number' || !Number.isInteger(priority))
    return `has no whole number as Priority of "${name}"; Kong says "${name} plugin is enabled but not installed"`
  if (typeof version !== 'string' || !/^\d+(\.\d+){1,2}$/.test(version)) return `has no Version like 1.0.0 for "${name}"`
  if (!Array.isArray(phases) || !phases.every((phase) => typeof phase === 'string')) return `has no Phases for "${name}"`
  if (!isRecord(schema) || typeof schema['name'] !== 'string') return `has no Schema with a name for "${name}"`
  const protocol = document['Protocol'] ?? 'MsgPack:1'
  if (protocol !== 'MsgPack:1' && protocol !== 'ProtoBuf:1') return `speaks ${JSON.stringify(protocol)}; known are MsgPack:1 and ProtoBuf:1`
  return { name, priority, version, phases, protocol, schema }
}
