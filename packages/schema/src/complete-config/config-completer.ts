import { errorToJson, flattenErrors, type TextAtPath } from '../engine/kong-errors.js'
import { INSERT, processFields, type Processing, type ResolveReference } from '../engine/process-fields.js'
import type { RecordSchema } from '../engine/schema-model.js'
import { validateRecord, type Validation } from '../engine/validate-record.js'
import { createPluginEntity } from '../entities/plugin-entity.js'
import type { JsonValue } from '../language/kong-schema.js'
import { SchemaError } from '../language/schema-error.js'
import { encodeJson } from '../lua/encode-json.js'
import { luaFromJson, luaToJsonObject, type JsonObject } from '../lua/json-value.js'
import { LuaError } from '../lua/lua-error.js'
import { isTable, LuaTable, type LuaValue } from '../lua/lua-table.js'
import { fromLuaText, toLuaText } from '../lua/lua-text.js'
import { kongFeatures, type KongFeatures } from '../versions/kong-version.js'

/** How configs are completed. */
export interface ConfigCompleterOptions {
  /** Kong's version, such as `3.9` or `3.4.2`. */
  readonly kongVersion: string
  /** The plugin's name where it differs from the schema's. */
  readonly pluginName?: string
  /** Returns the secret behind a reference such as `{vault://env/my-secret}`. As in Kong, an unknown one (undefined) arrives as "". */
  readonly resolveReference?: (reference: string) => string | undefined
}

/**
 * What Kong makes of one plugin entry: it takes it (`completed`), refuses it (`refused`), or fails on it (`crash`, `unusable`).
 * Where kong-ts cannot tell, the entry counts as taken and the open question is listed under `unknown`.
 */
export type ConfigOutcome =
  | {
      readonly status: 'completed'
      /** What StartInstance brings, without Kong's own keys such as `__seq__`. */
      readonly config: JsonObject
      /** The same as cjson prints it, but with sorted keys. Made on each reading. */
      readonly configText: string
      /** The whole entry as Kong uses it: protocols, enabled, tags … Made on each reading. */
      readonly plugin: JsonObject
      /**
       * Questions that kong-ts cannot answer, for example whether Kong's PCRE compiles an unusual regular expression. Kong may refuse the
       * entry for one of them. Empty for nearly every entry. Each text completes "kong-ts cannot tell …".
       */
      readonly unknown: readonly TextAtPath[]
    }
  | {
      readonly status: 'refused'
      /** Each of Kong's texts with its path, such as `config.rules[2].path`. Positions count from 1, as in Lua. */
      readonly problems: readonly TextAtPath[]
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
 * duplicates from sets, resolves references, drops nulls. Compiles the schema once, here.
 *
 * @param schema a plugin schema as in a dump. It must be one that Kong accepts; see `checkSchema`.
 * @returns a function that takes a plugin entry such as `{ config, protocols?, consumer?, enabled? }`, as `JSON.parse` gives it.
 * @throws SchemaError (`ERR_KONG_SCHEMA`) when Kong could not load the schema, `ERR_KONG_VERSION` for an unknown version, `ERR_NOT_JSON`
 * when the schema, or later an entry, holds what JSON cannot hold.
 */
export function createConfigCompleter(schema: unknown, options: ConfigCompleterOptions): ConfigCompleter {
  const features = kongFeatures(options.kongVersion)
  const { entity, name } = loadEntity(luaFromJson(schema), options, features)
  const { resolveReference } = options
  const resolve: ResolveReference = (reference) => {
    const secret = resolveReference?.(fromLuaText(reference))
    return secret === undefined ? undefined : toLuaText(secret)
  }
  return (plugin) => complete(entity, name, plugin, features, resolve)
}

/** Completes one plugin entry. To complete many entries of one schema, use `createConfigCompleter`, which compiles the schema only once. */
export function completeConfig(schema: unknown, plugin: unknown, options: ConfigCompleterOptions): ConfigOutcome {
  return createConfigCompleter(schema, options)(plugin)
}

function loadEntity(
  schema: LuaValue,
  { pluginName }: ConfigCompleterOptions,
  features: KongFeatures,
): { entity: RecordSchema; name: string } {
  const schemaName = isTable(schema) ? schema.get('name') : undefined
  const name = pluginName !== undefined ? toLuaText(pluginName) : typeof schemaName === 'string' ? schemaName : ''
  try {
    const entity = isTable(schema) ? createPluginEntity(schema, name, features) : { error: 'a plugin schema is an object' }
    if (!('error' in entity)) return { entity, name }
    throw schemaError(`Kong does not load this schema: ${entity.error}`)
  } catch (error) {
    if (error instanceof LuaError) throw schemaError(`Kong's Lua raises on this schema: ${error.message}`)
    throw error
  }
}

function schemaError(text: string): SchemaError {
  return new SchemaError('ERR_KONG_SCHEMA', `${fromLuaText(text)}. checkSchema lists every problem.`)
}

function complete(entity: RecordSchema, name: string, plugin: unknown, features: KongFeatures, resolve: ResolveReference): ConfigOutcome {
  const entry = luaFromJson(plugin)
  if (!isTable(entry)) {
    throw new SchemaError('ERR_NOT_JSON', 'A plugin entry is an object such as { "config": {} }. Pass the parsed entry.')
  }
  let stored: LuaTable
  let validation: Validation
  try {
    if (entry.get('name') === undefined) entry.set('name', name)
    stored = processFields(entity, entry, INSERT)
    validation = validateRecord(entity, stored)
  } catch (error) {
    if (error instanceof LuaError) return { status: 'crash', crash: fromLuaText(error.message) }
    throw error
  }
  const { errors, doubts } = validation
  if (errors !== undefined) return { status: 'refused', problems: flattenErrors(errors), errors: errorToJson(errors) }
  try {
    return completed(readBack(entity, stored, features, resolve), features, doubts)
  } catch (error) {
    if (error instanceof LuaError) return { status: 'unusable', crash: fromLuaText(error.message) }
    throw error
  }
}

/** @throws LuaError when the config cannot be printed. */
function completed(read: LuaTable, features: KongFeatures, unknown: readonly TextAtPath[]): ConfigOutcome {
  const value = read.get('config')
  const config = isTable(value) ? value : new LuaTable()
  return {
    status: 'completed',
    config: luaToJsonObject(config),
    get configText() {
      return fromLuaText(encodeJson(config, { digits: features.numberDigits, sortsKeys: true }))
    },
    get plugin() {
      return luaToJsonObject(read)
    },
    unknown,
  }
}

/** From what was stored to what the plugin gets, as a Kong without a database reads it. */
function readBack(entity: RecordSchema, stored: LuaTable, features: KongFeatures, resolve: ResolveReference): LuaTable {
  const first: Processing = { context: 'select', nulls: true, defaults: false, resolve }
  const last: Processing = { context: 'select', nulls: false, defaults: true, resolve }
  if (features.dropsNulls) dropNulls(stored)
  const read = features.readsWithoutDefaults ? processFields(entity, stored, first) : stored
  return processFields(entity, read, last)
}

function dropNulls(table: LuaTable): void {
  for (const [key, value] of table.entries()) {
    if (value === null) table.set(key, undefined)
    else if (isTable(value)) dropNulls(value)
  }
}
