import { pathToFileURL } from 'node:url'
import { isPluginClass, type PluginDefinition } from '@kong-ts/core/server'
import { describeLateRules, generateSchema, judgePluginClass } from '@kong-ts/core/tooling'
import type { LoadedPlugin } from './loaded-plugin.js'
import { PluginFileError } from './plugin-file-error.js'

/**
 * The plugins among the exports of a module: classes, and definitions written by hand.
 *
 * @throws PluginDefinitionError with every mistake of a class, those that Kong would find in its schema too.
 */
export async function importPlugins(path: string, shown: string): Promise<readonly LoadedPlugin[]> {
  let exported: object
  try {
    exported = (await import(pathToFileURL(path).href)) as object
  } catch (cause) {
    throw new PluginFileError(`${shown} cannot be imported: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  const definitions = Object.values(exported).flatMap((value: unknown) =>
    isPluginClass(value) ? [judgePluginClass(value)] : isDefinition(value) ? [value] : [],
  )
  return [...new Map(definitions.map((definition) => [definition.name, definition])).values()].map(toLoadedPlugin)
}

function toLoadedPlugin(definition: PluginDefinition): LoadedPlugin {
  const { name, version, priority, phases } = definition
  return {
    name,
    version,
    priority,
    phases: [...phases.keys()],
    protocol: undefined,
    schema: generateSchema(definition),
    lateRules: describeLateRules(definition),
  }
}

function isDefinition(value: unknown): value is PluginDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'phases' in value &&
    value.phases instanceof Map &&
    'config' in value &&
    'pluginClass' in value &&
    'topLevelFields' in value
  )
}
