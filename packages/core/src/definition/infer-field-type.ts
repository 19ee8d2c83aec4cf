import type { ElementOption } from '../declaration/element-options.js'
import type { EntityCheck } from '../declaration/entity-check.js'
import type { FieldOptions } from '../declaration/field-options.js'
import type { FieldTypeOption } from '../declaration/field-type-option.js'
import type { ElementDefinition, FieldType } from './field-definition.js'
import type { ClassValidatorRule } from '../declaration/class-validator-rules.js'
import type { Constructor } from '../declaration/constructor.js'

/** What is known of a property before its type is. */
export interface TypeClues {
  readonly options: StructuralOptions
  /** What the initialiser produced; `undefined` for none. */
  readonly initial: unknown
  /** `@Type(() => X)` of class-transformer. */
  readonly hint: unknown
  /** What the compiler noted. */
  readonly design: unknown
  /** A class-validator rule says integer. */
  readonly integer: boolean
  /** A class-validator rule says what kind of value this is: `@IsString` … */
  readonly ruled: FieldTypeOption | undefined
  /** Rules with `{ each: true }`: they are for the elements. */
  readonly elementRules: readonly ClassValidatorRule[]
  /** What kind of value they say the elements are. */
  readonly ruledElements: FieldTypeOption | undefined
}

/** Of the options only those that say what a field is. */
type StructuralOptions = Pick<FieldOptions, 'type' | 'reference' | 'jsonSchema' | 'elements' | 'keys' | 'values' | 'entityChecks'>

/** Builds what a type name or class stands for; records come from here so that circles are found in one place. */
export interface FieldTypeParts {
  record(recordClass: Constructor, entityChecks: readonly EntityCheck[] | undefined): FieldType | undefined
  element(option: ElementOption, role: string, rules: readonly ClassValidatorRule[]): ElementDefinition | undefined
  /** Notes a mistake. */
  problem(reason: string, remedy: string): void
}

/**
 * The type of a field: what the options say, else what the initialiser shows, else what the compiler noted. `undefined` after a problem.
 */
export function inferFieldType(clues: TypeClues, parts: FieldTypeParts): FieldType | undefined {
  const { options } = clues
  const said = options.type ?? typeImpliedByOptions(options)
  const type = said ?? typeOfInitial(clues.initial) ?? clues.ruled ?? typeFromCompiler(clues)
  if (type === undefined) {
    parts.problem(
      'its type cannot be told from an initialiser or from what the compiler noted',
      "say it: @Field({ type: 'string' }), or a class with @Field for a record",
    )
    return undefined
  }
  return buildType(type, clues, parts)
}

function typeImpliedByOptions(options: StructuralOptions): FieldTypeOption | undefined {
  if (options.jsonSchema !== undefined) return 'json'
  if (options.reference !== undefined) return 'foreign'
  if (options.values !== undefined) return 'map'
  return undefined
}

function typeOfInitial(value: unknown): FieldTypeOption | undefined {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'object':
      if (value === null) return undefined
      if (Array.isArray(value)) return 'array'
      if (value instanceof Set) return 'set'
      if (value instanceof Map || Object.getPrototypeOf(value) === Object.prototype) return 'map'
      return value.constructor as Constructor
    default:
      return undefined
  }
}

function typeFromCompiler({ design, hint }: TypeClues): FieldTypeOption | undefined {
  if (isContainer(design)) return design
  if (isClass(hint)) return hint
  // tsc notes String or Number for an enum, other compilers the enum object itself.
  if (typeof design === 'object' && design !== null)
    return Object.values(design).every((value) => typeof value === 'string') ? 'string' : 'number'
  if (!isClass(design) || design === Object || design === Function || design === Promise || design === Date) return undefined
  return design
}

function isContainer(value: unknown): value is Constructor {
  return value === Array || value === Set || value === Map
}

function isClass(value: unknown): value is Constructor {
  return typeof value === 'function'
}

function buildType(type: FieldTypeOption, clues: TypeClues, parts: FieldTypeParts): FieldType | undefined {
  switch (type) {
    case 'string':
    case String:
      return { kind: 'string' }
    case 'integer':
      return { kind: 'integer' }
    case 'number':
    case Number:
      return { kind: clues.integer ? 'integer' : 'number' }
    case 'boolean':
    case Boolean:
      return { kind: 'boolean' }
    case 'array':
    case Array:
      return buildList('array', clues, parts)
    case 'set':
    case Set:
      return buildList('set', clues, parts)
    case 'map':
    case Map:
      return buildMap(clues, parts)
    case 'record': {
      const recordClass = [clues.hint, clues.design].find((candidate) => isClass(candidate) && candidate !== Object)
      if (isClass(recordClass)) return parts.record(recordClass, clues.options.entityChecks)
      parts.problem('a record needs the class that has its fields', 'say the class instead: @Field({ type: Rule })')
      return undefined
    }
    case 'foreign':
      if (clues.options.reference !== undefined) return { kind: 'foreign', reference: clues.options.reference }
      parts.problem('a foreign field needs the entity it refers to', "say it: @Field({ reference: 'services' })")
      return undefined
    case 'json':
      if (clues.options.jsonSchema !== undefined) return { kind: 'json', jsonSchema: clues.options.jsonSchema }
      parts.problem('a json field needs a JSON schema', 'say it: @Field({ jsonSchema: { inline: { type: "object" } } })')
      return undefined
    default:
      return isClass(type) ? parts.record(type, clues.options.entityChecks) : undefined
  }
}

function buildList(
  kind: 'array' | 'set',
  { options, hint, elementRules, ruledElements }: TypeClues,
  parts: FieldTypeParts,
): FieldType | undefined {
  const option = options.elements ?? (isClass(hint) ? hint : undefined) ?? elementOf(ruledElements)
  if (option === undefined) {
    parts.problem(`the elements of the ${kind} are unknown at run time`, 'say them: @Field({ elements: String }), or the class of a record')
    return undefined
  }
  const elements = parts.element(option, 'elements', elementRules)
  return elements && { kind, elements }
}

function isNumeric({ kind }: FieldType): boolean {
  return kind === 'number' || kind === 'integer'
}

/** Rules that Kong cannot hold against the keys of JSON objects. */
const RULES_FOR_NUMBERS: ReadonlySet<string> = new Set(['between', 'gt', 'timestamp', 'eq', 'ne'])

function buildMap({ options, hint, initial, design, elementRules }: TypeClues, parts: FieldTypeParts): FieldType | undefined {
  const option = options.values ?? (isClass(hint) ? hint : undefined)
  if (option === undefined) {
    parts.problem(
      'the values of the map are unknown at run time',
      'say them: @Field({ values: Number }), and keys where they are not String',
    )
    return undefined
  }
  const keys = parts.element(options.keys ?? 'string', 'keys', [])
  const values = parts.element(option, 'values', elementRules)
  const unkept =
    keys === undefined || !isNumeric(keys.type) ? [] : Object.keys(keys.attributes).filter((name) => RULES_FOR_NUMBERS.has(name))
  if (unkept.length > 0)
    parts.problem(`keys: Kong's keys are text, so it cannot check ${unkept.join(', ')}`, 'say oneOf, or check the keys in onStart()')
  return (
    keys &&
    values && { kind: 'map', keys, values, container: options.type === Map || initial instanceof Map || design === Map ? 'Map' : 'object' }
  )
}

/** No rule implies that elements are json. */
function elementOf(type: FieldTypeOption | undefined): ElementOption | undefined {
  return type === 'json' ? undefined : type
}
