import { SchemaError } from '../errors/schema-error.js'
import { errorToJson, flattenErrors, type ErrorAtPath, type ErrorTable } from '../engine/error-table.js'
import { INSERT, processFields, type Processing } from '../engine/process-fields.js'
import type { ResolveReference } from '../engine/resolve-references.js'
import { validateRecord } from '../engine/validate-record.js'
import { kongTraits, type KongTraits } from '../versions/kong-traits.js'
import type { JsonValue } from '../language/kong-schema.js'
import { LuaRaise } from '../schema-values/lua-raise.js'
import { getKey, isRecord, isTable, luaFromJson, setKey, type LuaRecord, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'
import { cjsonText } from './cjson-text.js'
import { toJsonObject, type JsonObject } from './printable-json.js'
import { createPluginEntity } from './plugin-entity.js'
import type { RecordSchema } from '../engine/schema-model.js'

/** How configs are completed. */
export interface ConfigCompleterOptions {
  /** Kong's version, such as `3.9` or `3.4.2`. */
  readonly kongVersion: string
  /** The plugin's name where it differs from the schema's. */
  readonly pluginName?: string
  /** The secret behind a reference such as `{vault://env/my-secret}`. What it does not know arrives as "", as in Kong. */
  readonly resolveReference?: ResolveReference
}

/** What Kong makes of one plugin entry. */
export type ConfigOutcome =
  | {
      readonly status: 'completed'
      /** What StartInstance brings, without Kong's own keys such as `__seq__`. */
      readonly config: JsonObject
      /** The same as cjson prints it, but with sorted keys. Made on each reading. */
      readonly configText: string
      /** The whole entry as Kong uses it: protocols, enabled, tags … Made on each reading. */
      readonly plugin: JsonObject
    }
  | {
      readonly status: 'refused'
      /** Each text with its path, such as `config.rules[2].path`. Positions count from 1, as in Lua. */
      readonly problems: readonly ErrorAtPath[]
      /** The same as the Admin API nests it under `fields`. */
      readonly errors: JsonValue
    }
  /** Kong's code raises while it validates: the Admin API answers 500. */
  | { readonly status: 'crash'; readonly crash: string }
  /** Kong accepts the entry, but raises when it reads it back or prints it, so the plugin never gets it. */
  | { readonly status: 'unusable'; readonly crash: string }

/** Completes configs of one plugin schema. */
export type ConfigCompleter = (plugin: unknown) => ConfigOutcome

/**
 * Does to plugin entries what Kong does between a declarative config and StartInstance: validates them, fills in defaults, removes
 * duplicates from sets, resolves references, drops nulls. The schema is compiled once, here.
 *
 * @param schema a plugin schema as in a dump; one that Kong accepts, else see `checkSchema`.
 * @returns a function that takes a plugin entry such as `{ config, protocols?, consumer?, enabled? }`, as `JSON.parse` gives it.
 * @throws SchemaError when the schema is none that Kong could load.
 */
export const createConfigCompleter = (schema: unknown, options: ConfigCompleterOptions): ConfigCompleter => {
  const traits = kongTraits(options.kongVersion)
  const definition = luaFromJson(schema)
  const { entity, name } = loadEntity(definition, options, traits)
  const resolve: ResolveReference = options.resolveReference ?? (() => undefined)
  return (plugin) => complete(entity, name, plugin, traits, resolve)
}

/** Completes one plugin entry; `createConfigCompleter` does the same for many without compiling the schema each time. */
export const completeConfig = (schema: unknown, plugin: unknown, options: ConfigCompleterOptions): ConfigOutcome =>
  createConfigCompleter(schema, options)(plugin)

const loadEntity = (
  schema: LuaValue,
  { pluginName }: ConfigCompleterOptions,
  traits: KongTraits,
): { entity: RecordSchema; name: string } => {
  const schemaName = isRecord(schema) ? getKey(schema, 'name') : undefined
  const name = pluginName ?? (typeof schemaName === 'string' ? schemaName : '')
  try {
    const entity = isRecord(schema) ? createPluginEntity(schema, name, traits) : { error: 'a plugin schema is an object' }
    if (!('error' in entity)) return { entity, name }
    throw new SchemaError('ERR_KONG_SCHEMA', `Kong does not load this schema: ${entity.error}. checkSchema lists every problem.`)
  } catch (error) {
    if (!(error instanceof LuaRaise)) throw error
    throw new SchemaError('ERR_KONG_SCHEMA', `Kong's Lua raises on this schema: ${error.message}. checkSchema lists every problem.`)
  }
}

const complete = (entity: RecordSchema, name: string, plugin: unknown, traits: KongTraits, resolve: ResolveReference): ConfigOutcome => {
  const entry = luaFromJson(plugin)
  if (!isTable(entry)) {
    throw new SchemaError('ERR_NOT_JSON', 'A plugin entry is an object such as { "config": {} }. Pass the parsed entry.')
  }
  let stored: LuaRecord
  let errors: ErrorTable | undefined
  try {
    const named: LuaRecord = Array.isArray(entry) ? {} : entry
    if (getKey(named, 'name') === undefined) setKey(named, 'name', name)
    stored = processFields(entity, named, INSERT)
    errors = validateRecord(entity, stored)
  } catch (error) {
    if (error instanceof LuaRaise) return { status: 'crash', crash: error.message }
    throw error
  }
  if (errors !== undefined) return { status: 'refused', problems: flattenErrors(errors), errors: errorToJson(errors) }
  try {
    const read = readBack(entity, stored, traits, resolve)
    const used: LuaValue = getKey(read, 'config') ?? {}
    return {
      status: 'completed',
      config: toJsonObject(used),
      get configText() {
        return cjsonText(used, traits.numberDigits)
      },
      get plugin() {
        return toJsonObject(read)
      },
    }
  } catch (error) {
    if (error instanceof LuaRaise) return { status: 'unusable', crash: error.message }
    throw error
  }
}

/** From what was stored to what the plugin gets, as a Kong without a database reads it. */
const readBack = (entity: RecordSchema, stored: LuaRecord, traits: KongTraits, resolve: ResolveReference): LuaRecord => {
  const first: Processing = { context: 'select', nulls: true, defaults: false, resolve }
  const last: Processing = { context: 'select', nulls: false, defaults: true, resolve }
  if (traits.dropsNulls) dropNulls(stored)
  const read = traits.readsWithoutDefaults ? processFields(entity, stored, first) : stored
  return processFields(entity, read, last)
}

const dropNulls = (table: LuaTable): void => {
  if (Array.isArray(table)) {
    for (const [index, value] of table.entries()) {
      if (value === null) table[index] = undefined
      else if (isTable(value)) dropNulls(value)
    }
    while (table.length > 0 && table.at(-1) === undefined) table.pop()
    return
  }
  for (const key of Object.keys(table)) {
    const value = table[key]
    if (value === null) table[key] = undefined
    else if (isTable(value)) dropNulls(value)
  }
}
