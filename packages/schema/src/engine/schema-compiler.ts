import type { KongFeatures } from '../versions/kong-version.js'
import { elementsOf, isTable, isTruthy, LuaTable, luaType, type LuaValue } from '../lua/lua-table.js'
import { compileRules } from './field-rules.js'
import type { ErrorTable } from './kong-errors.js'
import type { CustomRule, EntityCheck, Field, NamedField, RecordSchema } from './schema-model.js'

/** What all schemas of one Kong share. */
export interface SchemaWorld {
  readonly features: KongFeatures
  /** Kong's entities by name, as `reference` of a foreign field finds them. */
  readonly findEntity: (name: string) => RecordSchema | undefined
  /** Whether there is such an entity, without making its schema. */
  readonly hasEntity: (name: string) => boolean
  /** Checks that Kong's own schemas write as functions, by the name that stands as their `custom_validator`. */
  readonly customRules: ReadonlyMap<string, CustomRule>
}

/** What entities and the meta schema have beyond a plain record. */
export interface EntityExtras {
  readonly selfCheck?: (input: LuaTable) => ErrorTable
  readonly primaryKey?: readonly string[]
  readonly subschemaKey?: string
  readonly findSubschema?: (key: string) => RecordSchema | undefined
  readonly subschemaError?: (key: string) => string
}

/** Compiles each definition once, children only when a value reaches them, so that definitions may contain themselves. */
export class SchemaCompiler {
  readonly #world: SchemaWorld
  readonly #compiled = new WeakMap<LuaTable, Field>()
  readonly #overlays = new WeakMap<LuaTable, Field>()

  constructor(world: SchemaWorld) {
    this.#world = world
  }

  /**
   * The schema of a definition's `fields`, or undefined where Kong cannot make one:
   * no fields, or a direct foreign field whose reference is unknown.
   */
  record(definition: LuaTable, extras: EntityExtras = {}): RecordSchema | undefined {
    const list = definition.get('fields')
    if (!isTable(list)) return undefined
    const fields = list.elements.flatMap((item) => this.#namedField(item))
    if (fields.some(({ field }) => field.type === 'foreign' && !this.#hasEntity(field))) return undefined
    const checks = definition.get('entity_checks')
    return {
      features: this.#world.features,
      fields,
      fieldsWith: redefinedFields(fields),
      byName: new Map(fields.map(({ name, field }) => [name, field])),
      entityChecks: elementsOf(checks).flatMap(entityCheck),
      brokenChecks:
        checks === undefined || isTable(checks) ? undefined : `attempt to get length of local 'checks' (a ${luaType(checks)} value)`,
      selfCheck: extras.selfCheck,
      primaryKey: extras.primaryKey,
      subschemaKey: extras.subschemaKey,
      findSubschema: extras.findSubschema,
      subschemaError: extras.subschemaError,
      overlay: (field, attributes, entity) => this.#overlay(field, attributes, entity),
    }
  }

  #namedField(item: LuaValue): NamedField[] {
    if (!isTable(item)) return []
    const [entry] = item.entries()
    if (entry === undefined || typeof entry[0] !== 'string' || !isTable(entry[1])) return []
    return [{ name: entry[0], field: this.#directField(entry[1]) }]
  }

  /** A field that stands directly in a record; only there does Kong know the entity of a foreign field. */
  #directField(attributes: LuaTable): Field {
    return this.#field(attributes, () => {
      const reference = attributes.get('reference')
      return typeof reference === 'string' ? this.#world.findEntity(reference) : undefined
    })
  }

  #hasEntity({ attributes }: Field): boolean {
    const reference = attributes.get('reference')
    return typeof reference === 'string' && this.#world.hasEntity(reference)
  }

  #field(attributes: LuaTable, findEntity: () => RecordSchema | undefined): Field {
    const known = this.#compiled.get(attributes)
    if (known !== undefined) return known
    const field = this.#createField(attributes, findEntity, () => this.record(attributes))
    this.#compiled.set(attributes, field)
    return field
  }

  #createField(attributes: LuaTable, findEntity: () => RecordSchema | undefined, findRecord: () => RecordSchema | undefined): Field {
    const type = attributes.get('type')
    const child = (name: string): (() => Field | undefined) =>
      lazy(() => {
        const definition = attributes.get(name)
        return isTable(definition) ? this.#field(definition, () => undefined) : undefined
      })
    const rules = lazy(() =>
      compileRules((name) => attributes.get(name), { type, features: this.#world.features, custom: this.#world.customRules }),
    )
    const elements = child('elements')
    const keys = child('keys')
    const values = child('values')
    const record = lazy(findRecord)
    const entity = lazy(findEntity)
    return {
      features: this.#world.features,
      attributes,
      type,
      err: attributes.get('err'),
      eq: attributes.get('eq'),
      ne: attributes.get('ne'),
      required: attributes.get('required'),
      fallback: attributes.get('default'),
      deprecation: attributes.get('deprecation'),
      isAbstract: isTruthy(attributes.get('abstract')),
      isNilable: isTruthy(attributes.get('nilable')),
      isReferenceable: isTruthy(attributes.get('referenceable')),
      isAuto: isTruthy(attributes.get('auto')),
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

  #overlay(field: Field | undefined, attributes: LuaTable, entity: RecordSchema | undefined): Field {
    const known = this.#overlays.get(attributes)
    if (known !== undefined) return known
    const merged = field?.attributes.copy() ?? new LuaTable()
    for (const [key, value] of attributes) merged.set(key, value)
    // Kong finds the fields of a record by the match object itself, which has none.
    const hasFields = attributes.get('fields') !== undefined
    const overlaid = this.#createField(
      merged,
      () => entity,
      () => (hasFields ? this.record(merged) : undefined),
    )
    this.#overlays.set(attributes, overlaid)
    return overlaid
  }
}

/**
 * Kong runs the check under the first key of an item, in hash order. With one key there is no choice. Items with more keys arise where
 * the meta schema fills in nulls before it tries a default; then a null is most likely first, and the check does not run.
 */
function entityCheck(item: LuaValue): EntityCheck[] {
  const [entry, ...more] = isTable(item) ? item.entries() : []
  if (entry === undefined || more.length > 0) return []
  const [name, argument] = entry
  return typeof name === 'string' && isTable(argument) ? [{ name, argument }] : []
}

/** Remembers what a subschema makes of the fields, because it is the same for every value. */
function redefinedFields(fields: readonly NamedField[]): RecordSchema['fieldsWith'] {
  const known = new WeakMap<RecordSchema, readonly NamedField[]>()
  return (subschema) => {
    if (subschema === undefined) return fields
    const redefined = known.get(subschema) ?? fields.map(({ name, field }) => ({ name, field: subschema.byName.get(name) ?? field }))
    known.set(subschema, redefined)
    return redefined
  }
}

/** Makes a value on first use and keeps it. */
function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
