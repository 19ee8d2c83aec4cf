import { KongTsError } from '../errors/kong-ts-error.js'
import { createPluginEntity } from '../schema/complete/plugin-entity.js'
import { flattenErrors, type ErrorAtPath } from '../schema/engine/error-table.js'
import { validateField } from '../schema/engine/validate-record.js'
import type { KongSchema } from '../schema/kong-schema.js'
import { kongTraits } from '../schema/kong-traits.js'
import { LuaRaise } from '../schema/lua/lua-raise.js'
import { isRecord, luaFromJson } from '../schema/lua/lua-value.js'

/** Kong's verdict on a configuration: nothing, its errors, or that its own code raises. */
export type ConfigVerdict = { readonly problems: readonly ErrorAtPath[] } | { readonly crash: string } | undefined

/**
 * Kong's validation of `config` alone, compiled once. What `createConfigCompleter` does beyond that (the rest of the plugin entity, what
 * is stored and
 * read back) has happened in Kong when a plugin server gets its configuration.
 */
export function createConfigChecker(schema: KongSchema, kongVersion: string): (config: unknown) => ConfigVerdict {
  const definition = luaFromJson(schema)
  const entity = isRecord(definition) ? createPluginEntity(definition, schema.name, kongTraits(kongVersion)) : undefined
  const field = entity === undefined || 'error' in entity ? undefined : entity.findSubschema?.(schema.name)?.byName.get('config')
  if (field === undefined)
    throw new KongTsError('ERR_PLUGIN_DEFINITION', `Kong does not load the schema of ${schema.name}: checkSchema lists every problem`)
  return (config) => {
    try {
      const failure = validateField(field, luaFromJson(config))
      return failure && { problems: flattenErrors(failure.error ?? null, 'config') }
    } catch (error) {
      if (error instanceof LuaRaise) return { crash: error.message }
      throw error
    }
  }
}
