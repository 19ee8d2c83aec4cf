import { flattenErrors, type TextAtPath, errorToJson, texts, type ErrorTable } from '../engine/kong-errors.js'
import { kongFeatures, type KongFeatures } from '../versions/kong-version.js'
import { luaFromJson } from '../lua/json-value.js'
import { elementsOf, isTable, type LuaKey, type LuaTable, type LuaValue } from '../lua/lua-table.js'
import { fromLuaText, luaToString } from '../lua/lua-text.js'
import type { RecordSchema } from '../engine/schema-model.js'
import { validateRecord } from '../engine/validate-record.js'
import { createPluginEntity } from '../entities/plugin-entity.js'
import type { JsonValue } from '../language/kong-schema.js'
import { LuaError } from '../lua/lua-error.js'
import { entityCheckWarnings } from './entity-check-warnings.js'
import { fieldWarnings, fieldNameWarnings, schemaWarnings, type PlacedWarning } from './schema-warnings.js'
import { createMetaSchema } from './meta-schema.js'
import { findFields, findRecords } from './schema-walk.js'

/** One problem of a plugin schema. */
export interface SchemaProblem {
  /** Place in the schema, counted from 1 as in Kong: `fields[1].fields[2].len_min`. Empty for the whole schema. Sometimes Kong tells only the bare name. */
  readonly path: string
  /** The field as people write it: `config.rules[].path`. Empty when Kong's answer does not name one. */
  readonly field: string
  /** Kong's text for an error; for a warning, what Kong will do. */
  readonly text: string
  /** An error keeps Kong from starting. With a warning Kong starts, but crashes or misleads later. */
  readonly severity: 'error' | 'warning'
}

/** How a schema is checked. */
export interface SchemaCheckOptions {
  /** Kong's version, such as `3.9` or `3.4.2`. */
  readonly kongVersion: string
  /** The plugin's name where it differs from the schema's. Some of Kong's texts contain it. */
  readonly pluginName?: string
}

/** Checks schemas for one version of Kong. */
export interface SchemaChecker {
  /** Lists problems: see `checkSchema`. */
  readonly check: (schema: unknown, pluginName?: string) => SchemaProblem[]
  /** Gives Kong's verdict, a refusal with Kong's own error table. */
  readonly judge: (schema: unknown, pluginName?: string) => SchemaVerdict
}

/**
 * Creates a checker for many schemas. Makes the meta schema of the Kong version once, here.
 *
 * @param kongVersion Kong's version, such as `3.9` or `3.4.2`.
 * @throws SchemaError (`ERR_KONG_VERSION`) when the text is not a version of Kong 2.8 or newer.
 */
export function createSchemaChecker(kongVersion: string): SchemaChecker {
  const features = kongFeatures(kongVersion)
  const meta = createMetaSchema(features)
  return {
    judge: (schema, pluginName) => judgeSchema(luaFromJson(schema), meta, features, pluginName).verdict,
    check: (schema, pluginName) => {
      const definition = luaFromJson(schema)
      const judgement = judgeSchema(definition, meta, features, pluginName)
      return judgement.verdict.accepted && isTable(definition)
        ? warningsOf(definition, judgement.doubts ?? [], features)
        : errorsOf(definition, judgement)
    },
  }
}

/**
 * Checks a plugin schema as Kong's meta schema and its plugin loader do, for one version of Kong.
 *
 * @param schema what stands under `Schema` in a dump.
 * @returns every problem. There is no error when Kong accepts the schema, and at least one when it refuses it. Only accepted schemas get
 * warnings.
 * @throws SchemaError (`ERR_KONG_VERSION`) when the version is not one of Kong, `ERR_NOT_JSON` when the schema is not JSON.
 */
export function checkSchema(schema: unknown, { kongVersion, pluginName }: SchemaCheckOptions): SchemaProblem[] {
  return createSchemaChecker(kongVersion).check(schema, pluginName)
}

function errorsOf(schema: LuaValue, { verdict, table }: Judgement): SchemaProblem[] {
  if (verdict.accepted) return []
  if (verdict.stage !== 'meta') return [{ path: '', field: '', text: verdict.error, severity: 'error' }]
  const errors = table === undefined ? [] : flattenErrors(table)
  return errors.map(({ path, text }) => ({ path, field: fieldName(schema, path), text, severity: 'error' }))
}

function warningsOf(schema: LuaTable, doubts: readonly TextAtPath[], features: KongFeatures): SchemaProblem[] {
  const records = findRecords(schema)
  const placed: PlacedWarning[] = [
    ...schemaWarnings(schema, records[0]),
    ...records.flatMap(fieldNameWarnings),
    ...findFields(schema).flatMap((field) =>
      fieldWarnings(field, features).map(({ attribute, text }) => ({ path: `${field.path}.${attribute}`, name: field.name, text })),
    ),
    ...records.flatMap((record) =>
      entityCheckWarnings(record, features).map(({ attribute, text }) => ({
        path: record.path === '' ? attribute : `${record.path}.${attribute}`,
        name: record.name,
        text,
      })),
    ),
  ]
  const open = doubts.map(({ path, text }) => warning(path, fieldName(schema, path), `kong-ts cannot tell ${text}`))
  return [...open, ...placed.map(({ path, name, text }) => warning(fromLuaText(path), fromLuaText(name), fromLuaText(text)))]
}

function warning(path: string, field: string, text: string): SchemaProblem {
  return { path, field, text, severity: 'warning' }
}

/** Turns `fields[n]` in a path into the names of the fields. */
function fieldName(schema: LuaValue, path: string): string {
  const names: string[] = []
  let at: LuaValue = schema
  for (const [step, index] of path.matchAll(/^[^.[]+$|fields\[(\d+)\]|\.(?:elements|keys|values)\b/g)) {
    if (at === undefined || !isTable(at)) break
    if (index === undefined) {
      if (!step.startsWith('.')) return step === 'fields' || step === 'name' ? '' : step
      at = at.get(step.slice(1))
      names.push(`${names.pop() ?? ''}[]`)
      continue
    }
    const item = elementsOf(at.get('fields'))[Number(index) - 1]
    const entry: [LuaKey, LuaValue] | undefined = isTable(item) ? item.entries()[0] : undefined
    names.push(String(entry?.[0] ?? '?'))
    at = entry?.[1]
  }
  return fromLuaText(names.join('.'))
}

/**
 * What Kong says when it loads a schema: it accepts it, its meta schema refuses it (`meta`), the schema does not fit the plugins entity
 * (`init`), or Kong's Lua raises (`crash`). In all but the first case Kong does not start.
 */
export type SchemaVerdict =
  | { readonly accepted: true }
  /** `errors` is Kong's error table as JSON. */
  | { readonly accepted: false; readonly stage: 'meta'; readonly errors: JsonValue }
  | { readonly accepted: false; readonly stage: 'init' | 'crash'; readonly error: string }

/** A verdict, and what it came from. */
export interface Judgement {
  readonly verdict: SchemaVerdict
  /** The error table of a refusal by the meta schema. */
  readonly table?: ErrorTable
  /** What the verdict leaves open: checks that kong-ts cannot decide. */
  readonly doubts?: readonly TextAtPath[]
}

/** Kong's verdict on a plugin schema, with the meta schema of one version of Kong. Leaves the schema as it is. */
function judgeSchema(schema: LuaValue, meta: RecordSchema, features: KongFeatures, pluginName: string | undefined): Judgement {
  try {
    if (!isTable(schema)) return refused('crash', texts.inputTable)
    const { errors, doubts } = validateRecord(meta, schema)
    if (errors !== undefined) return { verdict: { accepted: false, stage: 'meta', errors: errorToJson(errors) }, table: errors }
    const entity = createPluginEntity(schema.deepCopy(), pluginName ?? luaToString(schema.get('name')), features)
    if ('error' in entity) return refused('init', `error initializing schema for plugin: ${entity.error}`)
    return { verdict: { accepted: true }, doubts }
  } catch (error) {
    if (error instanceof LuaError) return refused('crash', error.message)
    throw error
  }
}

function refused(stage: 'init' | 'crash', error: string): Judgement {
  return { verdict: { accepted: false, stage, error: fromLuaText(error) } }
}
