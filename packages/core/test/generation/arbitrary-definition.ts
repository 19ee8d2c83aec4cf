import fc from 'fast-check'
import type { PluginDefinition } from '@kong-ts/core/server'
import type { JsonValue } from '@kong-ts/core'

type RecordDefinition = PluginDefinition['config']
type FieldDefinition = RecordDefinition['fields'][number]
type FieldType = FieldDefinition['type']
type FieldAttributes = FieldDefinition['attributes']

/** A type with rules, and values that keep them. */
interface Typed extends Pick<FieldDefinition, 'type' | 'attributes'> {
  readonly values: fc.Arbitrary<JsonValue>
}

/** A definition as a person could write it by hand, and configurations for it, most of them valid. */
export interface DefinitionCase {
  readonly definition: PluginDefinition
  readonly config: JsonValue
}

const word = fc.stringMatching(/^[a-z]{1,6}$/)
const text = fc.oneof(word, fc.string({ minLength: 1, maxLength: 8 }), fc.constantFrom('é', '😀', '{vault://env/x', '__proto__', '"'))

const typed = (type: FieldType, attributes: FieldAttributes, values: fc.Arbitrary<JsonValue>): Typed => ({ type, attributes, values })

const textRules = fc.oneof(
  fc.constant(typed({ kind: 'string' }, {}, text)),
  fc.constant(typed({ kind: 'string' }, { len_min: 0 }, fc.oneof(text, fc.constant('')))),
  fc
    .uniqueArray(word, { minLength: 1, maxLength: 3 })
    .map((words) => typed({ kind: 'string' }, { one_of: words }, fc.constantFrom(...words))),
  fc.constant(typed({ kind: 'string' }, { match: '^%l+$', len_max: 6 }, word)),
  fc.constant(typed({ kind: 'string' }, { match_any: { patterns: ['^%l', '^%d'], err: 'must begin with a letter or digit' } }, word)),
  fc.constant(typed({ kind: 'string' }, { match_none: [{ pattern: '%s' }], not_match: '%d' }, word)),
  fc.constant(typed({ kind: 'string' }, { uuid: true }, fc.uuid())),
  word.map((start) =>
    typed(
      { kind: 'string' },
      { starts_with: start, description: 'begins with a given word' },
      word.map((end) => start + end),
    ),
  ),
  fc.constant(typed({ kind: 'string' }, { encrypted: true, referenceable: true }, word)),
)

const numberRules = fc.oneof(
  fc.constant(typed({ kind: 'integer' }, {}, fc.integer())),
  fc.constant(
    typed(
      { kind: 'number' },
      {},
      fc.integer().map((number) => number / 4),
    ),
  ),
  fc
    .tuple(fc.integer({ min: -99, max: 0 }), fc.integer({ min: 1, max: 99 }))
    .map(([min, max]) => typed({ kind: 'integer' }, { between: [min, max] }, fc.integer({ min, max }))),
  fc.constant(typed({ kind: 'number' }, { gt: 0.5 }, fc.integer({ min: 1 }))),
  fc.constant(typed({ kind: 'integer' }, { timestamp: true }, fc.integer({ min: 1 }))),
  fc.constant(typed({ kind: 'number' }, { not_one_of: [0] }, fc.integer({ min: 1 }))),
)

const leaf: fc.Arbitrary<Typed> = fc.oneof(textRules, numberRules, fc.constant(typed({ kind: 'boolean' }, {}, fc.boolean())))

/** Made once for each depth: to make arbitraries costs more than to draw from them. */
const levels = new Map<number, fc.Arbitrary<Typed>>([[0, leaf]])

function anyTyped(depth: number): fc.Arbitrary<Typed> {
  const level = levels.get(depth) ?? deeper(depth, anyTyped(depth - 1))
  levels.set(depth, level)
  return level
}

function deeper(depth: number, inner: fc.Arbitrary<Typed>): fc.Arbitrary<Typed> {
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    {
      weight: 1,
      arbitrary: inner.map((elements) => typed({ kind: 'array', elements }, { len_max: 4 }, fc.array(elements.values, { maxLength: 4 }))),
    },
    {
      weight: 1,
      arbitrary: leaf.map((elements) => typed({ kind: 'set', elements }, {}, fc.uniqueArray(elements.values, { maxLength: 4 }))),
    },
    {
      weight: 1,
      arbitrary: inner.chain((values) => fc.constantFrom<'Map' | 'object'>('Map', 'object').map((container) => mapOf(values, container))),
    },
    { weight: 1, arbitrary: fc.constant(mapOf(typed({ kind: 'boolean' }, {}, fc.boolean()), 'Map', 'integer')) },
    { weight: 2, arbitrary: anyRecord(depth - 1).map(({ record, values }) => typed({ kind: 'record', record }, {}, values)) },
  )
}

function mapOf(values: Typed, container: 'Map' | 'object', keys: 'string' | 'integer' = 'string'): Typed {
  const key = keys === 'string' ? fc.oneof(word, fc.constantFrom('__proto__', 'constructor')) : fc.integer().map(String)
  const type: FieldType = { kind: 'map', keys: { type: { kind: keys }, attributes: {} }, values, container }
  return typed(
    type,
    {},
    fc.array(fc.tuple(key, values.values), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  )
}

/** `null` where Kong takes it, and nothing at all as often as a value. */
const MISSING = Symbol('missing')

const names = fc.uniqueArray(fc.oneof(fc.stringMatching(/^[a-z_]{1,8}$/), fc.constantFrom('constructor', 'type', 'fields', 'end')), {
  minLength: 1,
  maxLength: 4,
})

function anyRecord(depth: number): fc.Arbitrary<{ readonly record: RecordDefinition; readonly values: fc.Arbitrary<JsonValue> }> {
  const field = anyField(depth)
  return names
    .filter((list) => !list.includes('updated_at'))
    .chain((list) => fc.tuple(fc.constant(list), fc.tuple(...list.map(() => field))))
    .map(([list, fields]) => {
      const members = fields.map((field, index) => ({ ...field, name: list[index] ?? 'f', property: `p_${list[index]}` }))
      const definitions: FieldDefinition[] = members.map(({ values: _values, ...definition }) => definition)
      const values = fc
        .tuple(
          ...members.map(({ values: value, required, default: fallback }) =>
            memberValue(value, required && fallback === undefined, required),
          ),
        )
        .map((all) =>
          Object.fromEntries(
            members.flatMap(({ name }, index) => (all[index] === MISSING || all[index] === undefined ? [] : [[name, all[index]]])),
          ),
        )
      return { record: { construct: undefined, fields: definitions, entityChecks: [] }, values }
    })
}

function memberValue(value: fc.Arbitrary<JsonValue>, isNeeded: boolean, isRequired: boolean): fc.Arbitrary<JsonValue | typeof MISSING> {
  if (isNeeded) return value
  return isRequired ? fc.oneof(value, fc.constant(MISSING)) : fc.oneof(value, fc.constant<typeof MISSING>(MISSING), fc.constant(null))
}

type AnyField = Omit<FieldDefinition, 'name' | 'property'> & { readonly values: fc.Arbitrary<JsonValue> }

function anyField(depth: number): fc.Arbitrary<AnyField> {
  return anyTyped(depth).chain((type) =>
    fc
      .record({
        required: fc.boolean(),
        fallback: type.type.kind === 'record' ? fc.constant(undefined) : fc.option(type.values, { nil: undefined }),
      })
      .map(({ required, fallback }) => ({
        ...type,
        required,
        default: fallback,
        lateRules: [],
      })),
  )
}

class Anything {}

export const definitionCases: fc.Arbitrary<DefinitionCase> = anyRecord(2).chain(({ record, values }) =>
  values.map((config) => ({
    config,
    definition: {
      name: 'generated',
      version: '1.0.0',
      priority: 1,
      phases: new Map([['access', { phase: 'access', handler: 'access', failOpen: false, timeout: 0 }]]),
      config: record,
      topLevelFields: [],
      topLevelEntityChecks: [],
      pluginClass: Anything,
    },
  })),
)
