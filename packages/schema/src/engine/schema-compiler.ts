import type { KongTraits } from '../versions/kong-traits.js'
import { luaTypeName } from '../schema-values/lua-text.js'
import {
  elementsOf,
  getKey,
  isRecord,
  isTable,
  isTruthy,
  setKey,
  tableEntries,
  type LuaRecord,
  type LuaValue,
} from '../schema-values/lua-value.js'
import type { ErrorTable } from './error-table.js'
import { compileRules } from './compile-rules.js'
import type { CustomRule, EntityCheck, Field, NamedField, RecordSchema } from './schema-model.js'

/** What all schemas of one Kong share. */
export interface SchemaWorld {
  readonly traits: KongTraits
  /** Kong's entities by name, as `reference` of a foreign field finds them. */
  readonly findEntity: (name: string) => RecordSchema | undefined
  /** Whether there is such an entity, without making its schema. */
  readonly hasEntity: (name: string) => boolean
  /** Checks that Kong's own schemas write as functions, by the name that stands as their `custom_validator`. */
  readonly customRules: ReadonlyMap<string, CustomRule>
}

/** What entities and the meta schema have beyond a plain record. */
export interface EntityExtras {
  readonly selfCheck?: (input: LuaRecord) => ErrorTable
  readonly primaryKey?: readonly string[]
  readonly subschemaKey?: string
  readonly findSubschema?: (key: string) => RecordSchema | undefined
  readonly subschemaError?: (key: string) => string
}

/** Compiles each definition once, children only when a value reaches them, so definitions may contain themselves. */
export class SchemaCompiler {
  private readonly compiled = new WeakMap<LuaRecord, Field>()
  private readonly overlays = new WeakMap<LuaRecord, Field>()

  constructor(private readonly world: SchemaWorld) {}

  /** A field that stands directly in a record; only there does Kong know the entity of a foreign field. */
  directField(attributes: LuaRecord): Field {
    return this.field(attributes, () => {
      const reference = getKey(attributes, 'reference')
      return typeof reference === 'string' ? this.world.findEntity(reference) : undefined
    })
  }

  private field(attributes: LuaRecord, findEntity: () => RecordSchema | undefined): Field {
    const known = this.compiled.get(attributes)
    if (known !== undefined) return known
    const field = this.createField(attributes, findEntity, () => this.record(attributes))
    this.compiled.set(attributes, field)
    return field
  }

  /**
   * The schema of a definition's `fields`, or undefined where Kong cannot make one:
   * no fields, or a direct foreign field whose reference is unknown.
   */
  record(definition: LuaRecord, extras: EntityExtras = {}): RecordSchema | undefined {
    const list = getKey(definition, 'fields')
    if (!isTable(list)) return undefined
    const fields = elementsOf(list).flatMap((item) => this.namedField(item))
    if (fields.some(({ field }) => field.type === 'foreign' && !this.hasEntity(field))) return undefined
    const checks = getKey(definition, 'entity_checks')
    return {
      traits: this.world.traits,
      fields,
      fieldsWith: redefinedFields(fields),
      byName: new Map(fields.map(({ name, field }) => [name, field])),
      entityChecks: isTable(checks) ? elementsOf(checks).flatMap(entityCheck) : [],
      brokenChecks:
        checks === undefined || isTable(checks) ? undefined : `attempt to get length of local 'checks' (a ${luaTypeName(checks)} value)`,
      selfCheck: extras.selfCheck,
      primaryKey: extras.primaryKey,
      subschemaKey: extras.subschemaKey,
      findSubschema: extras.findSubschema,
      subschemaError: extras.subschemaError,
      overlay: (field, attributes, entity) => this.overlay(field, attributes, entity),
    }
  }

  private hasEntity({ attributes }: Field): boolean {
    const reference = getKey(attributes, 'reference')
    return typeof reference === 'string' && this.world.hasEntity(reference)
  }

  private createField(
    attributes: LuaRecord,
    findEntity: () => RecordSchema | undefined,
    findRecord: () => RecordSchema | undefined,
  ): Field {
    const type = getKey(attributes, 'type')
    const child = (name: string): (() => Field | undefined) =>
      lazy(() => {
        const definition = getKey(attributes, name)
        if (!isTable(definition)) return undefined
        return this.field(isRecord(definition) ? definition : {}, () => undefined)
      })
    const rules = lazy(() => compileRules((name) => getKey(attributes, name), type, this.world.customRules))
    const elements = child('elements')
    const keys = child('keys')
    const values = child('values')
    const record = lazy(findRecord)
    const entity = lazy(findEntity)
    return {
      traits: this.world.traits,
      attributes,
      type,
      err: getKey(attributes, 'err'),
      eq: getKey(attributes, 'eq'),
      ne: getKey(attributes, 'ne'),
      required: getKey(attributes, 'required'),
      fallback: getKey(attributes, 'default'),
      deprecation: getKey(attributes, 'deprecation'),
      isAbstract: isTruthy(getKey(attributes, 'abstract')),
      isNilable: isTruthy(getKey(attributes, 'nilable')),
      isReferenceable: isTruthy(getKey(attributes, 'referenceable')),
      isAuto: isTruthy(getKey(attributes, 'auto')),
      get rules() {
        return rules()
      },
      get elements() {
        return elements()
      },
      get keys() {
        return keys()
      },
      get values() {
        return values()
      },
      get record() {
        return record()
      },
      get entity() {
        return entity()
      },
    }
  }

  private namedField(item: LuaValue | undefined): NamedField[] {
    if (!isTable(item)) return []
    const [entry] = tableEntries(item)
    if (entry === undefined || typeof entry[0] !== 'string' || !isRecord(entry[1])) return []
    return [{ name: entry[0], field: this.directField(entry[1]) }]
  }

  private overlay(field: Field | undefined, attributes: LuaRecord, entity: RecordSchema | undefined): Field {
    const known = this.overlays.get(attributes)
    if (known !== undefined) return known
    const merged: LuaRecord = { ...field?.attributes }
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) setKey(merged, key, value)
    // Kong finds the fields of a record by the match object itself, which has none.
    const hasFields = getKey(attributes, 'fields') !== undefined
    const overlaid = this.createField(
      merged,
      () => entity,
      () => (hasFields ? this.record(merged) : undefined),
    )
    this.overlays.set(attributes, overlaid)
    return overlaid
  }
}

/**
 * Kong runs the check under the first key of an item, in hash order. With one key that is plain. Items with more keys come about where
 * the meta schema fills in nulls before it tries a default; then most likely a null is first, and the check is not run.
 */
const entityCheck = (item: LuaValue | undefined): EntityCheck[] => {
  const [entry, ...more] = item !== undefined && isTable(item) ? tableEntries(item) : []
  if (entry === undefined || more.length > 0) return []
  const [name, argument] = entry
  return typeof name === 'string' && isTable(argument) ? [{ name, argument }] : []
}

/** Remembers what a subschema makes of the fields, since it is the same for every value. */
const redefinedFields = (fields: readonly NamedField[]): RecordSchema['fieldsWith'] => {
  const known = new WeakMap<RecordSchema, readonly NamedField[]>()
  return (subschema) => {
    if (subschema === undefined) return fields
    const redefined = known.get(subschema) ?? fields.map(({ name, field }) => ({ name, field: subschema.byName.get(name) ?? field }))
    known.set(subschema, redefined)
    return redefined
  }
}

/** Makes a value on first use and keeps it. */
const lazy = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
