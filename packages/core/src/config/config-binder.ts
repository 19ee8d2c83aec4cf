import type { PluginDefinition } from '../definition/plugin-definition.js'
import { ConfigError, type ConfigProblem } from '../errors/config-error.js'
import { generateSchema } from '../schema/generate-schema.js'
import type { KongSchema } from '../schema/kong-schema.js'
import { assignConfig } from './assign-config.js'
import { createConfigChecker } from './config-checker.js'
import { describeProblems } from './describe-problems.js'
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
   * Reads the JSON text that Kong sends to start an instance, and holds it against the plugin's schema as Kong does.
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

/** Configurations come from any Kong; the newest one's rules are those that the schema was written for. */
const KONG_VERSION = '3.9'

/** Prepares what all configurations of a plugin have in common; create it once for a definition. */
export function createConfigBinder(definition: PluginDefinition): ConfigBinder {
  // Nothing is left out here, not even for an old Kong.
  const { kongVersion: _target, ...untargeted } = definition
  const { config: record } = definition
  const whole = generateSchema(untargeted)
  // The rest of the plugin entity stays in Kong: it has decided about consumers, protocols and checks that name them.
  const schema: KongSchema = { name: whole.name, fields: whole.fields.filter((entry) => 'config' in entry) }
  const verdictOn = createConfigChecker(schema, KONG_VERSION)
  const restoreReferences = createReferenceRestorer(record)
  const lateRules = createLateRules(record)

  function refuse(problems: readonly ConfigProblem[], options?: ErrorOptions): never {
    throw new ConfigError(definition.name, problems, options)
  }

  function check(config: Readonly<Record<string, unknown>>): void {
    const problems: ConfigProblem[] = []
    const written = restoreReferences(config, problems)
    const verdict = verdictOn(written)
    if (verdict !== undefined && 'crash' in verdict)
      problems.push({ path: 'config', text: `makes Kong's own check fail: ${verdict.crash}` })
    else if (verdict !== undefined) problems.push(...describeProblems(schema, { config: written }, verdict.problems, KONG_VERSION))
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
