import { readFile } from 'node:fs/promises'
import { isRecord, type JsonRecord } from '@kong-ts/simulator'
import { parseYamlConfig } from '@kong-ts/simulator/gateway'
import type { LoadedPlugin } from '../load-plugins/load-plugins.js'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'

/** One configuration of a plugin, as for Kong's Admin API. */
export interface PluginEntry {
  readonly plugin: string
  /** `kong.yml: services[0].plugins[1]`. */
  readonly place: string
  /** `{ config, … }`. A route, service or consumer is an object `{ id }`. */
  readonly entry: JsonRecord
}

/** In place of a route, service or consumer that the file gives by name or by nesting: Kong's schema needs only an id. */
const SOME_ID = { id: '00000000-0000-4000-8000-000000000000' }

/** Lists of entities in a declarative config, and the field of a plugin that refers to one. */
const SCOPES: Readonly<Record<string, string>> = { services: 'service', routes: 'route', consumers: 'consumer' }

/**
 * The configurations of plugins in a file: a declarative config, one plugin entry, or only a config.
 *
 * @throws PluginFileError for a file that cannot be read, GatewayConfigError for one that is neither YAML nor JSON.
 */
export async function readPluginEntries(file: string, plugins: readonly LoadedPlugin[]): Promise<readonly PluginEntry[]> {
  const document = parseYamlConfig(await read(file), file)
  if (!isRecord(document))
    throw new PluginFileError(`${file} does not hold an object: write a declarative config, a plugin entry { "config": … }, or a config`)
  const names = new Set(plugins.map(({ name }) => name))
  if ('_format_version' in document) return findEntries(document, `${file}: `, {}).filter(({ plugin }) => names.has(plugin))
  const isEntry = isRecord(document['config'])
  const named = isEntry && typeof document['name'] === 'string' ? [document['name']] : [...names]
  return named.map((plugin) => ({ plugin, place: file, entry: isEntry ? withIds(document, {}) : { config: document } }))
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new PluginFileError(`${file} cannot be read: give the path of a kong.yml or JSON file`, { cause })
  }
}

function findEntries(owner: JsonRecord, place: string, scope: JsonRecord): readonly PluginEntry[] {
  const own = listIn(owner, 'plugins').flatMap((plugin, index) =>
    typeof plugin['name'] === 'string'
      ? [{ plugin: plugin['name'], place: `${place}plugins[${index}]`, entry: withIds(plugin, scope) }]
      : [],
  )
  const nested = Object.entries(SCOPES).flatMap(([list, field]) =>
    listIn(owner, list).flatMap((entity, index) => findEntries(entity, `${place}${list}[${index}].`, { [field]: SOME_ID })),
  )
  return [...own, ...nested]
}

function withIds(plugin: JsonRecord, scope: JsonRecord): JsonRecord {
  const { _comment: _ignored, ...entry }: Record<string, unknown> = { ...plugin, ...scope }
  for (const field of Object.values(SCOPES)) if (typeof entry[field] === 'string') entry[field] = SOME_ID
  return entry
}

function listIn(owner: JsonRecord, name: string): readonly JsonRecord[] {
  const list = owner[name]
  return Array.isArray(list) ? list.filter(isRecord) : []
}
