import type { PluginDefinition } from '../definition/plugin-definition.js'
import { ConfigError, type ConfigProblem } from '../errors/plugin-errors.js'
import { createConfigAssigner } from './assign-config.js'
import { checkShape } from './check-shape.js'
import { readInstanceMetadata, type InstanceMetadata, isJsonObject, type JsonObject } from './sent-config.js'
import { createLateRules } from './late-rules.js'

/** A configuration of the right shape, before it is put into an instance. */
export interface ReadConfig {
  readonly config: JsonObject
  readonly metadata: InstanceMetadata
}

/** Turns the configurations that Kong sends for one plugin into instances. */
export interface ConfigBinder {
  /**
   * Reads the JSON text that Kong sends to start an instance, and checks its shape.
   *
   * @throws ConfigError with every value of the wrong kind.
   */
  read(text: string): ReadConfig
  /**
   * Puts a configuration into an instance of the plugin, and checks the rules that Kong cannot express.
   *
   * @throws ConfigError with every broken rule.
   */
  bind(read: ReadConfig, instance: object): Promise<void>
}

/** Prepares what all configurations of a plugin have in common. Create it once for a definition. */
export function createConfigBinder({ name, config: record }: PluginDefinition): ConfigBinder {
  const assign = createConfigAssigner(record)
  const checkLateRules = createLateRules(record)

  function refuse(problems: readonly ConfigProblem[], options?: ErrorOptions): never {
    throw new ConfigError(name, problems, options)
  }

  return {
    read(text) {
      let parsed: unknown
      try {
        parsed = JSON.parse(text)
      } catch (cause) {
        refuse([{ path: 'config', text: 'is not JSON' }], { cause })
      }
      // cjson writes an empty table as a list or as an object.
      const config = Array.isArray(parsed) && parsed.length === 0 ? {} : parsed
      if (!isJsonObject(config)) refuse([{ path: 'config', text: 'must be an object' }])
      const problems = checkShape(record, config)
      if (problems.length > 0) refuse(problems)
      return { config, metadata: readInstanceMetadata(config) }
    },
    async bind({ config }, instance) {
      assign(instance, config)
      const problems = await checkLateRules(instance)
      if (problems.length > 0) refuse(problems)
    },
  }
}
