import { createPluginEntity } from '../judge-config/plugin-entity.js'
import { errorToJson, type ErrorTable } from '../engine/error-table.js'
import { texts } from '../engine/error-texts.js'
import type { RecordSchema } from '../engine/schema-model.js'
import { validateRecord } from '../engine/validate-record.js'
import type { KongTraits } from '../versions/kong-traits.js'
import type { JsonValue } from '../language/kong-schema.js'
import { LuaRaise } from '../schema-values/lua-raise.js'
import { copyTable, getKey, isTable, toRecord, type LuaValue } from '../schema-values/lua-value.js'

/**
 * What Kong says when it loads a schema: it accepts it, its meta schema refuses it (`meta`), the schema does not fit the plugins entity
 * (`init`), or Kong's Lua raises (`crash`). In all but the first case Kong does not start.
 */
export type SchemaVerdict =
  | { readonly accepted: true }
  /** `errors` is Kong's error table as JSON. */
  | { readonly accepted: false; readonly stage: 'meta'; readonly errors: JsonValue }
  | { readonly accepted: false; readonly stage: 'init' | 'crash'; readonly error: string }

/** A verdict, and the error table of a refusal by the meta schema before it became JSON. */
export interface Judgement {
  readonly verdict: SchemaVerdict
  readonly table?: ErrorTable
}

/** Kong's verdict on a plugin schema, with the meta schema of one version of Kong. The schema is left as it is. */
export const judgeSchema = (schema: LuaValue, meta: RecordSchema, traits: KongTraits, pluginName: string | undefined): Judgement => {
  try {
    if (!isTable(schema)) return refused('crash', texts.inputTable)
    const table = validateRecord(meta, schema)
    if (table !== undefined) return { verdict: { accepted: false, stage: 'meta', errors: errorToJson(table) }, table }
    const name = pluginName ?? String(getKey(schema, 'name'))
    const entity = createPluginEntity(toRecord(copyTable(schema)), name, traits)
    if ('error' in entity) return refused('init', `error initializing schema for plugin: ${entity.error}`)
    return { verdict: { accepted: true } }
  } catch (error) {
    if (error instanceof LuaRaise) return refused('crash', error.message)
    throw error
  }
}

const refused = (stage: 'init' | 'crash', error: string): Judgement => ({ verdict: { accepted: false, stage, error } })
