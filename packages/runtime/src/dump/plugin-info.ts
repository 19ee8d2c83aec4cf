import { generateSchema, type PluginDefinition } from '@kong-ts/core'

/** What Kong's query command reads, as one line of JSON. Kong 3.9 and later use the first plugin only. */
export function formatDump(definitions: readonly PluginDefinition[]): string {
  return JSON.stringify({
    Protocol: 'MsgPack:1',
    Plugins: definitions.map((definition) => ({
      Name: definition.name,
      Priority: definition.priority,
      Version: definition.version,
      Phases: [...definition.phases.keys()],
      Schema: generateSchema(definition),
    })),
  })
}
