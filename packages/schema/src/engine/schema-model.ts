import type { KongFeatures } from '../versions/kong-version.js'
import type { LuaTable, LuaValue } from '../lua/lua-table.js'
import type { Doubt, ErrorTable, Failure } from './kong-errors.js'

/** One rule of a field, ready to run: undefined when the value meets it. */
export type Rule = (value: LuaValue) => Failure | Doubt | undefined

/** A check that Kong's own schemas write as a function: undefined, or the text of the error. */
export type CustomRule = (value: LuaValue) => string | Doubt | undefined

/** A field definition with everything that is known before values come. Attributes keep their raw values, odd ones included. */
export interface Field {
  readonly features: KongFeatures
  readonly attributes: LuaTable
  readonly type: LuaValue
  /** Attributes that are read for every value. */
  readonly err: LuaValue
  readonly eq: LuaValue
  readonly ne: LuaValue
  readonly required: LuaValue
  readonly fallback: LuaValue
  readonly deprecation: LuaValue
  readonly isAbstract: boolean
  readonly isNilable: boolean
  readonly isReferenceable: boolean
  readonly isAuto: boolean
  readonly rules: readonly Rule[]
  /** Elements of an array or set, keys and values of a map; absent when the attribute is not a table. */
  readonly elements: Field | undefined
  readonly keys: Field | undefined
  readonly values: Field | undefined
  /** The schema of a record's fields; absent when Kong cannot make one of the definition. */
  readonly record: RecordSchema | undefined
  /** The entity that a foreign field names. */
  readonly entity: RecordSchema | undefined
}

export interface NamedField {
  readonly name: string
  readonly field: Field
}

/** The fields and checks of a record, an entity or a plugin. */
export interface RecordSchema {
  readonly features: KongFeatures
  /** In order; a name may come twice. */
  readonly fields: readonly NamedField[]
  /** The same fields as a subschema redefines them. */
  readonly fieldsWith: (subschema: RecordSchema | undefined) => readonly NamedField[]
  /** The last field of each name. */
  readonly byName: ReadonlyMap<string, Field>
  readonly entityChecks: readonly EntityCheck[]
  /** Raised before any check when `entity_checks` is there but not a list. */
  readonly brokenChecks: string | undefined
  /** A check over the whole record that Kong writes as a function; it asks for every field that is not nilable. */
  readonly selfCheck: ((input: LuaTable) => ErrorTable) | undefined
  /** Only entities have one. */
  readonly primaryKey: readonly string[] | undefined
  readonly subschemaKey: string | undefined
  readonly findSubschema: ((key: string) => RecordSchema | undefined) | undefined
  readonly subschemaError: ((key: string) => string) | undefined
  /** A field with some attributes laid over it, as `if_match` and `then_match` do. */
  readonly overlay: Overlay
}

/** Foreign fields inside further records are not checked against their entity, so the caller passes the entity. */
export type Overlay = (field: Field | undefined, attributes: LuaTable, entity?: RecordSchema) => Field

export interface EntityCheck {
  readonly name: string
  readonly argument: LuaTable
}
