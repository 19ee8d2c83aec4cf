import type { PluginDefinition } from '@kong-ts/core/server'
import { describeLateRules, generateSchema, generateSchemaFor, oldestKongVersion } from '@kong-ts/core/tooling'
import type { LogLevel } from '../log/server-log.js'
import type { ProtocolName } from '../protocol/protocol-name.js'

/** What Kong's query command reads, as one line of JSON. Kong 3.9 and later read the first plugin only. */
export function formatDump(definitions: readonly PluginDefinition[], protocol: ProtocolName): string {
  return JSON.stringify({
    Protocol: protocol,
    Plugins: definitions.map((definition) => ({
      Name: definition.name,
      Priority: definition.priority,
      Version: definition.version,
      Phases: [...definition.phases.keys()],
      Schema: generateSchema(definition),
    })),
  })
}

/**
 * Notes on a dump for people, as lines for stderr: the attributes that were left out because the plugin is for an older Kong. At level debug also
 * the oldest Kong that knows the schema, and the rules that Kong cannot check.
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
