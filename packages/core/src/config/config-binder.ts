import type { PluginDefinition } from '../definition/plugin-definition.js'
import { ConfigError, type ConfigProblem } from '../errors/config-error.js'
import { assignConfig } from './assign-config.js'
import { readInstanceMetadata, type InstanceMetadata } from './instance-metadata.js'
import { createLateRules } from './late-rules.js'
import { createReferenceRestorer } from './restore-references.js'

/** A configuration that has been read, before it is put into an instance. */
export interface ReadConfig {
  readonly config: Readonly<Record<string, unknown>>
  readonly metadata: InstanceMetadata
}

/** Turns the configurations that Kong sends for one plugin into instances. */
export interface ConfigBinder {
  /**
   * Reads the JSON text that Kong sends to start an instance.
   *
   * @throws ConfigError with every violation at once.
   */
  read(text: string): ReadConfig
  /**
   * Puts a configuration into a plugin's instance and checks the rules that Kong cannot express.
   *
   * @throws ConfigError with every broken rule at once.
   */
  bind(read: ReadConfig, instance: object): Promise<void>
}

/** Prepares what all configurations of a plugin have in common; create it once for a definition. */
export function createConfigBinder(definition: PluginDefinition): ConfigBinder {
  const { config: record } = definition
  const restoreReferences = createReferenceRestorer(record)
  const lateRules = createLateRules(record)

  function refuse(problems: readonly ConfigProblem[], options?: ErrorOptions): never {
    throw new ConfigError(definition.name, problems, options)
  }

  function check(config: Readonly<Record<string, unknown>>): void {
    const problems: ConfigProblem[] = []
    restoreReferences(config, problems)
    if (problems.length > 0) refuse(problems)
  }

  return {
    read(text) {
      let parsed: unknown
      try {
        parsed = JSON.parse(text)
      } catch (cause) {
        refuse([{ path: 'config', text: 'is no JSON' }], { cause })
      }
      // cjson writes an empty table as an array or as an object, by its own lights.
      const config = Array.isArray(parsed) && parsed.length === 0 ? {} : parsed
      if (!isObject(config)) refuse([{ path: 'config', text: 'must be an object' }])
      check(config)
      return { config, metadata: readInstanceMetadata(config) }
    },
    async bind({ config }, instance) {
      assignConfig(instance, record, config)
      const problems = await lateRules(instance)
      if (problems.length > 0) refuse(problems)
    },
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
