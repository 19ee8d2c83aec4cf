import type { ClassValidatorRule } from '../declaration/class-validator-rules.js'
import type { Constructor } from '../declaration/constructor.js'
import type { EntityCheck } from '../declaration/entity-check.js'
import type { ElementOption, FieldTypeName, FieldOptions } from '../declaration/decorator-options.js'
import type { RuleRow } from '../rules/rule-row.js'
import { isNumeric, type ElementDefinition, type FieldType } from './plugin-definition.js'

/** What is known about a field or element when its type is built. */
export interface TypeSource {
  readonly evidence: TypeEvidence
  /** A rule says that the numbers are integers. */
  readonly isInteger: boolean
  /** Rules with `{ each: true }`. */
  readonly elementRules: readonly ClassValidatorRule[]
  /** The type that these rules imply for the elements. */
  readonly elementType: RuleRow['type'] | undefined
}

/** Builds the parts of a type in the context of its field. */
export interface TypeParts {
  /** Builds a record. Knows the enclosing records, so that it finds circles. */
  buildRecord(recordClass: Constructor, entityChecks: readonly EntityCheck[] | undefined): FieldType | undefined
  buildElement(option: ElementOption, role: string, rules: readonly ClassValidatorRule[]): ElementDefinition | undefined
  addProblem(reason: string, remedy: string): void
}

/** Builds the type of a field or element. Returns `undefined` after it added a problem. */
export function buildFieldType(source: TypeSource, parts: TypeParts): FieldType | undefined {
  const type = inferFieldType(source.evidence)
  if (type === undefined) {
    parts.addProblem(
      'its type cannot be told from an initialiser or from what the compiler recorded',
      "name it: @Field({ type: 'string' }), or a class with @Field for a record",
    )
    return undefined
  }
  if (isClass(type)) return parts.buildRecord(type, source.evidence.options.entityChecks)
  if (Object.hasOwn(BUILDERS, type)) return BUILDERS[type](source, parts)
  parts.addProblem(`${JSON.stringify(type)} is not a type of Kong`, `choose among ${Object.keys(BUILDERS).join(', ')}`)
  return undefined
}

const BUILDERS: Readonly<Record<FieldTypeName, (source: TypeSource, parts: TypeParts) => FieldType | undefined>> = {
  string: () => ({ kind: 'string' }),
  number: ({ isInteger }) => ({ kind: isInteger ? 'integer' : 'number' }),
  integer: () => ({ kind: 'integer' }),
  boolean: () => ({ kind: 'boolean' }),
  array: (source, parts) => buildList('array', source, parts),
  set: (source, parts) => buildList('set', source, parts),
  map: buildMap,
  record({ evidence: { hint, design, options } }, parts) {
    const recordClass = [hint, design].find((candidate) => isClass(candidate) && candidate !== Object)
    if (isClass(recordClass)) return parts.buildRecord(recordClass, options.entityChecks)
    parts.addProblem('a record needs the class that has its fields', 'name the class instead: @Field({ type: Rule })')
    return undefined
  },
  foreign({ evidence: { options } }, parts) {
    if (options.reference !== undefined) return { kind: 'foreign', reference: options.reference }
    parts.addProblem('a foreign field needs the entity that it refers to', "name it: @Field({ reference: 'services' })")
    return undefined
  },
  json({ evidence: { options } }, parts) {
    if (options.jsonSchema !== undefined) return { kind: 'json', jsonSchema: options.jsonSchema }
    parts.addProblem('a json field needs a JSON schema', 'add it: @Field({ jsonSchema: { inline: { type: "object" } } })')
    return undefined
  },
}

function buildList(kind: 'array' | 'set', { evidence, elementRules, elementType }: TypeSource, parts: TypeParts): FieldType | undefined {
  const { options, hint } = evidence
  const option = options.elements ?? (isClass(hint) ? hint : elementType)
  if (option === undefined) {
    parts.addProblem(
      `the elements of the ${kind} are unknown at run time`,
      'name them: @Field({ elements: String }), or the class of a record',
    )
    return undefined
  }
  const elements = parts.buildElement(option, 'elements', elementRules)
  return elements && { kind, elements }
}

/** Rules that Kong cannot apply to keys, because keys of JSON objects are text. */
const RULES_FOR_NUMBERS: ReadonlySet<string> = new Set(['between', 'gt', 'timestamp', 'eq', 'ne'])

function buildMap({ evidence, elementRules }: TypeSource, parts: TypeParts): FieldType | undefined {
  const { options, hint, initial, design } = evidence
  const option = options.values ?? (isClass(hint) ? hint : undefined)
  if (option === undefined) {
    parts.addProblem(
      'the values of the map are unknown at run time',
      'name them: @Field({ values: Number }), and the keys too unless they are String',
    )
    return undefined
  }
  const keys = parts.buildElement(options.keys ?? 'string', 'keys', [])
  const values = parts.buildElement(option, 'values', elementRules)
  if (keys === undefined || values === undefined) return undefined
  const lost = isNumeric(keys.type) ? Object.keys(keys.attributes).filter((name) => RULES_FOR_NUMBERS.has(name)) : []
  if (lost.length > 0) {
    parts.addProblem(`keys: Kong's keys are text, so it cannot check ${lost.join(', ')}`, 'use oneOf, or check the keys in onStart()')
  }
  const container = options.type === Map || initial instanceof Map || design === Map ? 'Map' : 'object'
  return { kind: 'map', keys, values, container }
}

/** Options of a field or element that decide about its type. */
type TypeOptions = Pick<FieldOptions, 'type' | 'reference' | 'jsonSchema' | 'elements' | 'keys' | 'values' | 'entityChecks'>

/** Everything that can tell the type of a property. */
export interface TypeEvidence {
  readonly options: TypeOptions
  /** The value of the initialiser. */
  readonly initial?: unknown
  /** The type that a rule implies: `@IsString()`, `between`. */
  readonly rules?: FieldTypeName | undefined
  /** The class in `@Type(() => X)`. */
  readonly hint?: unknown
  /** What the compiler recorded (`design:type`). */
  readonly design?: unknown
}

/** A field type by its name in Kong, or a class with `@Field`s for a record. */
type InferredType = FieldTypeName | Constructor

/** The ways to tell the type of a property. The first one with an answer decides. */
const SOURCES: readonly ((evidence: TypeEvidence) => unknown)[] = [
  ({ options }) => options.type,
  ({ options }) => (options.jsonSchema === undefined ? undefined : 'json'),
  ({ options }) => (options.reference === undefined ? undefined : 'foreign'),
  ({ options }) => (options.values === undefined ? undefined : 'map'),
  ({ initial }) => typeOfValue(initial),
  ({ rules }) => rules,
  // The hint of a list or map is about its elements.
  ({ design }) => (design === Array || design === Set || design === Map ? design : undefined),
  ({ hint }) => hint,
  ({ design }) => typeOfEnum(design),
  ({ design }) => (UNTOLD.has(design) ? undefined : design),
]

/** Types that compilers record for interfaces, unions and functions, and classes that Kong has no type for. */
const UNTOLD: ReadonlySet<unknown> = new Set([Object, Function, Promise, Date])

/** JavaScript's constructors of Kong's types. */
const CONSTRUCTORS: ReadonlyMap<unknown, FieldTypeName> = new Map<unknown, FieldTypeName>([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
  [Array, 'array'],
  [Set, 'set'],
  [Map, 'map'],
])

/** The type of a property; `undefined` when nothing tells it. */
function inferFieldType(evidence: TypeEvidence): InferredType | undefined {
  for (const source of SOURCES) {
    const type = source(evidence)
    const known = CONSTRUCTORS.get(type) ?? type
    if (typeof known === 'string') return known as FieldTypeName
    if (isClass(known)) return known
  }
  return undefined
}

/** Whether a value can be called with `new`. */
function isClass(value: unknown): value is Constructor {
  return typeof value === 'function'
}

function typeOfValue(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value
    case 'object':
      if (value === null) return undefined
      if (Array.isArray(value)) return 'array'
      if (value instanceof Set) return 'set'
      return value instanceof Map || Object.getPrototypeOf(value) === Object.prototype ? 'map' : value.constructor
    default:
      return undefined
  }
}

/** tsc records String or Number for an enum, other compilers the enum object itself. */
function typeOfEnum(design: unknown): FieldTypeName | undefined {
  if (typeof design !== 'object' || design === null) return undefined
  return Object.values(design).every((value) => typeof value === 'string') ? 'string' : 'number'
}
