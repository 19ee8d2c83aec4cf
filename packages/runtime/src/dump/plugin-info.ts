import { generateSchema } from '@kong-ts/core/tooling'
import { type PluginDefinition } from '@kong-ts/core/server'
import { DEFAULT_PROTOCOL, type ProtocolName } from '../protocol/protocol-name.js'

/** What Kong's query command reads, as one line of JSON. Kong 3.9 and later use the first plugin only. */
export function formatDump(definitions: readonly PluginDefinition[], protocol: ProtocolName = DEFAULT_PROTOCOL): string {
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
