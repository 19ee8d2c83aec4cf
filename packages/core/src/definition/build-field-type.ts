import type { ClassValidatorRule } from '../declaration/class-validator-rules.js'
import type { Constructor } from '../declaration/constructor.js'
import type { EntityCheck } from '../declaration/entity-check.js'
import type { ElementOption, FieldTypeName } from '../declaration/decorator-options.js'
import type { RuleRow } from '../rules/rule-row.js'
import { isNumeric, type ElementDefinition, type FieldType } from './field-definition.js'
import { inferFieldType, isClass, type TypeEvidence } from './infer-field-type.js'

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
