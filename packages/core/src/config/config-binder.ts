import type { PluginDefinition } from '../definition/plugin-definition.js'
import { ConfigError } from '../errors/config-error.js'
import { assignConfig } from './assign-config.js'
import { checkConfig } from './check-config.js'
import { readInstanceMetadata, type InstanceMetadata } from './instance-metadata.js'
import { checkLateRules } from './late-rules.js'

/** A configuration that has been read, before it is put into an instance. */
export interface ReadConfig {
  readonly config: Readonly<Record<string, unknown>>
  readonly metadata: InstanceMetadata
}

/**
 * Reads the JSON text that Kong sends to start an instance.
 *
 * @throws ConfigError with every violation at once.
 */
export function readConfig(definition: PluginDefinition, text: string): ReadConfig {
  let config: unknown
  try {
    config = JSON.parse(text)
  } catch (cause) {
    throw new ConfigError(definition.name, [{ path: 'config', text: 'is no JSON' }], { cause })
  }
  // cjson writes an empty table as an array or as an object, by its own lights.
  const table = Array.isArray(config) && config.length === 0 ? {} : config
  const problems = checkConfig(definition.config, table)
  if (problems.length > 0) throw new ConfigError(definition.name, problems)
  const checked = table as Readonly<Record<string, unknown>>
  return { config: checked, metadata: readInstanceMetadata(checked) }
}

/**
 * Puts a configuration into a plugin's instance and checks the rules that Kong cannot express.
 *
 * @throws ConfigError with every broken rule at once.
 */
export async function bindConfig(definition: PluginDefinition, { config }: ReadConfig, instance: object): Promise<void> {
  assignConfig(instance, definition.config, config)
  const problems = await checkLateRules(definition.config, instance)
  if (problems.length > 0) throw new ConfigError(definition.name, problems)
}
