import { flattenErrors } from '../engine/error-table.js'
import { kongTraits } from '../versions/kong-traits.js'
import { elementsOf, getKey, isTable, luaFromJson, tableEntries, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'
import { entityCheckWarnings } from './entity-check-warnings.js'
import { fieldWarnings } from './field-warnings.js'
import { judgeSchema, type SchemaVerdict } from './judge-schema.js'
import { createMetaSchema } from './meta-schema.js'
import { fieldNameWarnings, schemaWarnings, type PlacedWarning } from './record-warnings.js'
import { findFields, findRecords } from './schema-walk.js'

/** One thing that is wrong with a plugin schema. */
export interface SchemaProblem {
  /** Where, as Kong counts: `fields[1].fields[2].len_min`. Empty for the schema as a whole; the bare name where Kong says no more. */
  readonly path: string
  /** The field as people call it: `config.rules[].path`; empty when it cannot be told. */
  readonly field: string
  /** What Kong says, or for a warning what it will do. */
  readonly text: string
  /** Errors keep Kong from starting; warnings are accepted, but crash or mislead later. */
  readonly severity: 'error' | 'warning'
}

/** For which Kong a schema is checked. */
export interface SchemaCheckOptions {
  /** Kong's version, such as `3.9` or `3.4.2`. */
  readonly kongVersion: string
  /** The plugin's name where it differs from the schema's; it stands in some of Kong's texts. */
  readonly pluginName?: string
}

/** Checks schemas for one version of Kong, whose meta schema is made once. */
export interface SchemaChecker {
  /** See `checkSchema`. */
  readonly check: (schema: unknown, pluginName?: string) => SchemaProblem[]
  /** Kong's bare verdict, with its own error table. */
  readonly judge: (schema: unknown, pluginName?: string) => SchemaVerdict
}

/**
 * A checker for many schemas.
 *
 * @param kongVersion Kong's version, such as `3.9` or `3.4.2`.
 * @throws SchemaError for a version that is none.
 */
export const createSchemaChecker = (kongVersion: string): SchemaChecker => {
  const traits = kongTraits(kongVersion)
  const meta = createMetaSchema(traits)
  return {
    judge: (schema, pluginName) => judgeSchema(luaFromJson(schema), meta, traits, pluginName).verdict,
    check: (schema, pluginName) => {
      const definition = luaFromJson(schema)
      const { verdict, table } = judgeSchema(definition, meta, traits, pluginName)
      if (verdict.accepted) return isTable(definition) ? warningsOf(definition, traits.v39) : []
      if (verdict.stage !== 'meta') return [{ path: '', field: '', text: verdict.error, severity: 'error' }]
      const errors = table === undefined ? [] : flattenErrors(table)
      return errors.map(({ path, text }) => ({ path, field: fieldName(definition, path), text, severity: 'error' }))
    },
  }
}

/**
 * Checks a plugin schema as Kong's meta schema and its plugin loader do, for one version of Kong.
 *
 * @param schema what stands under `Schema` in a dump.
 * @returns every problem. No error is there when Kong accepts the schema, at least one when it refuses it; warnings are looked for
 * only in accepted schemas.
 * @throws SchemaError for a version that is none.
 */
export const checkSchema = (schema: unknown, { kongVersion, pluginName }: SchemaCheckOptions): SchemaProblem[] =>
  createSchemaChecker(kongVersion).check(schema, pluginName)

const warningsOf = (schema: LuaTable, isNewest: boolean): SchemaProblem[] => {
  const records = findRecords(schema)
  const placed: PlacedWarning[] = [
    ...schemaWarnings(schema, records[0]),
    ...records.flatMap(fieldNameWarnings),
    ...findFields(schema).flatMap((field) =>
      fieldWarnings(field).map(({ attribute, text }) => ({ path: `${field.path}.${attribute}`, name: field.name, text })),
    ),
    ...records.flatMap((record) =>
      entityCheckWarnings(record, isNewest).map(({ attribute, text }) => ({
        path: record.path === '' ? attribute : `${record.path}.${attribute}`,
        name: record.name,
        text,
      })),
    ),
  ]
  return placed.map(({ path, name, text }) => ({ path, field: name, text, severity: 'warning' }))
}

/** Follows `fields[n]` of a path to the names of the fields. */
const fieldName = (schema: LuaValue, path: string): string => {
  const names: string[] = []
  let at: LuaValue | undefined = schema
  for (const [step, index] of path.matchAll(/^[^.[]+$|fields\[(\d+)\]|\.(?:elements|keys|values)\b/g)) {
    if (at === undefined || !isTable(at)) break
    if (index === undefined) {
      if (!step.startsWith('.')) return step === 'fields' || step === 'name' ? '' : step
      at = getKey(at, step.slice(1))
      names.push(`${names.pop() ?? ''}[]`)
      continue
    }
    const list: LuaValue | undefined = getKey(at, 'fields')
    const item = list !== undefined && isTable(list) ? elementsOf(list)[Number(index) - 1] : undefined
    const entry = item !== undefined && isTable(item) ? tableEntries(item)[0] : undefined
    names.push(String(entry?.[0] ?? '?'))
    at = entry?.[1]
  }
  return names.join('.')
}
