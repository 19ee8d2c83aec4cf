import { errorToJson, texts, type ErrorTable, type TextAtPath } from '../engine/kong-errors.js'
import type { RecordSchema } from '../engine/schema-model.js'
import { validateRecord } from '../engine/validate-record.js'
import { createPluginEntity } from '../entities/plugin-entity.js'
import type { JsonValue } from '../language/kong-schema.js'
import { LuaError } from '../lua/lua-error.js'
import { isTable, type LuaValue } from '../lua/lua-table.js'
import { fromLuaText, luaToString } from '../lua/lua-text.js'
import type { KongFeatures } from '../versions/kong-version.js'

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
export function judgeSchema(schema: LuaValue, meta: RecordSchema, features: KongFeatures, pluginName: string | undefined): Judgement {
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
