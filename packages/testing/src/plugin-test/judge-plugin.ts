import { ConfigError } from '@kong-ts/core'
import type { Constructor, PluginDefinition } from '@kong-ts/core/server'
import { generateSchema, judgeDefinition, judgePluginClass } from '@kong-ts/core/tooling'
import { NEWEST_KONG_VERSION, createConfigCompleter, describeProblems, type KongSchema } from '@kong-ts/schema'

/**
 * The definition of a plugin, judged as Kong would judge its schema: a mistake shows in the first test and not only when Kong starts.
 *
 * @throws PluginDefinitionError with every mistake at once.
 */
export function judgedDefinition(plugin: Constructor | PluginDefinition): PluginDefinition {
  if (typeof plugin === 'function') return judgePluginClass(plugin)
  judgeDefinition(plugin)
  return plugin
}

/**
 * Judges a configuration as Kong does before the plugin server gets it.
 *
 * @throws ConfigError with every violation at once.
 */
export function judgeConfig(definition: PluginDefinition, config: Readonly<Record<string, unknown>>): void {
  // The schema for the newest Kong: a target version leaves parts out.
  const { kongVersion: _target, ...untargeted } = definition
  const whole = generateSchema(untargeted)
  // Only the configuration is judged: a test gives no protocols or consumer, which entity checks may name.
  const schema: KongSchema = { name: whole.name, fields: whole.fields.filter((field) => 'config' in field) }
  const outcome = createConfigCompleter(schema, { kongVersion: NEWEST_KONG_VERSION })({ config })
  if (outcome.status === 'completed') return
  throw new ConfigError(
    definition.name,
    outcome.status === 'refused'
      ? describeProblems(schema, { config }, outcome.problems, NEWEST_KONG_VERSION)
      : [{ path: 'config', text: `makes Kong's own code fail: ${outcome.crash}` }],
  )
}
