import type { Constructor } from '../declaration/constructor.js'
import type { FieldOptions, FieldTypeName } from '../declaration/decorator-options.js'

/** Options of a field or element that decide about its type. */
export type TypeOptions = Pick<FieldOptions, 'type' | 'reference' | 'jsonSchema' | 'elements' | 'keys' | 'values' | 'entityChecks'>

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
export type InferredType = FieldTypeName | Constructor

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
export function inferFieldType(evidence: TypeEvidence): InferredType | undefined {
  for (const source of SOURCES) {
    const type = source(evidence)
    const known = CONSTRUCTORS.get(type) ?? type
    if (typeof known === 'string') return known as FieldTypeName
    if (isClass(known)) return known
  }
  return undefined
}

/** Whether a value can be called with `new`. */
export function isClass(value: unknown): value is Constructor {
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
