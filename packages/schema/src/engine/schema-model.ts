import type { KongTraits } from '../versions/kong-traits.js'
import type { LuaRecord, LuaTable, LuaValue } from '../schema-values/lua-value.js'
import type { ErrorTable, Failure } from './error-table.js'

/** One rule of a field, ready to run: the error it finds, or undefined. */
export type Rule = (value: LuaValue) => Failure | undefined

/** A check that Kong's own schemas write as a function. */
export type CustomRule = (value: LuaValue) => string | undefined

/** A field definition with what can be known before values come. Attributes keep their raw values, odd ones included. */
export interface Field {
  readonly traits: KongTraits
  readonly attributes: LuaRecord
  readonly type: LuaValue | undefined
  /** Attributes that are looked at for every value. */
  readonly err: LuaValue | undefined
  readonly eq: LuaValue | undefined
  readonly ne: LuaValue | undefined
  readonly required: LuaValue | undefined
  readonly fallback: LuaValue | undefined
  readonly deprecation: LuaValue | undefined
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
  readonly traits: KongTraits
  /** In order, same names twice included. */
  readonly fields: readonly NamedField[]
  /** The same fields as a subschema redefines them. */
  readonly fieldsWith: (subschema: RecordSchema | undefined) => readonly NamedField[]
  /** The last field of each name. */
  readonly byName: ReadonlyMap<string, Field>
  readonly entityChecks: readonly EntityCheck[]
  /** Raised before any check when `entity_checks` is there but no list. */
  readonly brokenChecks: string | undefined
  /** A function-written check over the whole record; it asks for every field that is not nilable. */
  readonly selfCheck: ((input: LuaRecord) => ErrorTable) | undefined
  /** Only entities have one. */
  readonly primaryKey: readonly string[] | undefined
  readonly subschemaKey: string | undefined
  readonly findSubschema: ((key: string) => RecordSchema | undefined) | undefined
  readonly subschemaError: ((key: string) => string) | undefined
  /** A field with some attributes laid over it, as `if_match` and `then_match` do. */
  readonly overlay: Overlay
}

/** Foreign fields inside further records are not checked against their entity, so it is asked for. */
export type Overlay = (field: Field | undefined, attributes: LuaRecord, entity?: RecordSchema) => Field

export interface EntityCheck {
  readonly name: string
  readonly argument: LuaTable
}
