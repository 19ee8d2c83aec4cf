import { describeLateRules, generateSchemaFor, oldestKongVersion } from '@kong-ts/core/tooling'
import { type PluginDefinition } from '@kong-ts/core/server'
import type { LogLevel } from '../log/server-log.js'

/**
 * What a person should know about a dump, as lines for stderr: which attributes were left out because the plugin is for an older Kong, and at level debug the oldest Kong
 * that knows the schema and the rules that Kong cannot check.
 */
export function describeDump(definition: PluginDefinition, level: LogLevel): readonly string[] {
  const { name } = definition
  const warnings = generateSchemaFor(definition).warnings.map((warning) => `warn [${name}] ${warning}`)
  if (level !== 'debug') return level === 'error' ? [] : warnings
  const late = describeLateRules(definition).map(
    ({ path, rules }) => `debug [${name}] ${path}: checked when an instance starts, not by Kong: ${rules.join(', ')}`,
  )
  return [...warnings, `debug [${name}] the schema needs Kong ${oldestKongVersion(definition)} or newer`, ...late]
}
