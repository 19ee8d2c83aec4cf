import { SchemaCompiler } from '../engine/schema-compiler.js'
import type { CustomRule, RecordSchema } from '../engine/schema-model.js'
import { checkDraft } from '../engine/json-field.js'
import { JSON_SCHEMA_META, validateJsonSchema } from '../json-schema/validate-json.js'
import type { KongTraits } from '../versions/kong-traits.js'
import { raise } from '../schema-values/lua-raise.js'
import { isTable, setKey, type LuaRecord, type LuaValue } from '../schema-values/lua-value.js'
import { createEntityWorld } from '../judge-config/entity-world.js'
import { checkFieldShapes } from './check-field-shapes.js'
import { JSON_SCHEMA_RULE, listOf, plainAttributes, recordOf, ruleAttributes } from './meta-attributes.js'

const names = (): LuaRecord => listOf({ type: 'string' })

const nilable = (definition: LuaRecord): LuaRecord => ({ ...definition, nilable: true })

/** Objects with exactly one key: fields keep their order that way. */
const namedList = (definition: LuaRecord): LuaRecord =>
  listOf({ type: 'map', keys: { type: 'string' }, values: { ...definition, required: true }, required: true, len_eq: 1 })

const item = (name: string, definition: LuaRecord): LuaRecord => {
  const entry: LuaRecord = {}
  setKey(entry, name, definition)
  return entry
}

const entityCheckFields = (traits: KongTraits, field: LuaRecord): Record<string, LuaRecord> => {
  const match = (): LuaRecord =>
    recordOf({
      required: { type: 'boolean' },
      elements: { ...field },
      keys: { ...field },
      values: { ...field },
      ...Object.fromEntries(Object.entries(ruleAttributes(traits)).map(([name, definition]) => [name, nilable(definition)])),
    })
  return {
    at_least_one_of: names(),
    conditional_at_least_one_of: recordOf({
      if_field: { type: 'string' },
      if_match: match(),
      then_at_least_one_of: names(),
      then_err: { type: 'string' },
      else_match: match(),
      else_then_at_least_one_of: names(),
      else_then_err: { type: 'string' },
    }),
    only_one_of: names(),
    distinct: names(),
    conditional: recordOf({
      if_field: { type: 'string' },
      if_match: match(),
      then_field: { type: 'string' },
      then_match: match(),
      then_err: { type: 'string' },
    }),
    custom_entity_check: recordOf({
      field_sources: names(),
      fn: { type: 'function' },
      ...(traits.v34 && { run_with_missing_fields: { type: 'boolean' }, run_with_invalid_fields: { type: 'boolean' } }),
    }),
    mutually_required: names(),
    mutually_exclusive: names(),
    mutually_exclusive_sets: recordOf({ set1: names(), set2: names() }),
  }
}

const uniqueAcrossNeedsUnique: LuaValue[] = [
  {
    conditional: {
      if_field: 'unique_across_ws',
      if_match: { eq: true },
      then_field: 'unique',
      then_match: { eq: true, required: true },
    },
  },
]

const transformations = (traits: KongTraits): LuaRecord => ({
  ...listOf({
    ...recordOf({
      input: { ...names(), required: !traits.v34 },
      needs: { ...names(), required: false },
      on_write: { type: 'function', required: false },
      on_read: { type: 'function', required: false },
    }),
    entity_checks: [{ at_least_one_of: ['on_write', 'on_read'] }],
  }),
  nilable: true,
})

/** Shorthands are fields of simple types with a function. */
const shorthandAttributes = (traits: KongTraits, attributes: readonly LuaRecord[], types: readonly LuaValue[]): LuaRecord[] => [
  { type: { type: 'string', one_of: types.filter((type) => !['record', 'foreign', 'function'].includes(String(type))), required: true } },
  ...attributes.slice(1),
  { func: { type: 'function', required: true } },
  ...(traits.transient && !traits.v39 ? [{ translate_backwards: { ...names(), required: false } }] : []),
]

/** Kong's schema of plugin schemas, as the version in question has it. Definitions contain themselves, as fields do. */
export const createMetaSchema = (traits: KongTraits): RecordSchema => {
  const plain = plainAttributes(traits)
  const attributes: LuaRecord[] = Object.entries(plain).map(([name, definition]) =>
    item(name, definition['required'] === true ? definition : nilable(definition)),
  )
  const field: LuaRecord = { type: 'record', fields: attributes }
  const fields = namedList({ ...field, entity_checks: uniqueAcrossNeedsUnique })
  const checks = entityCheckFields(traits, field)
  const entityChecks = nilable(listOf({ ...recordOf(checks), entity_checks: [{ only_one_of: Object.keys(checks).toSorted() }] }))
  const types = plain['type']?.['one_of']
  const shorthands = nilable(
    namedList({
      type: 'record',
      fields: shorthandAttributes(traits, attributes, Array.isArray(types) ? types.filter((type) => type !== undefined) : []),
      entity_checks: uniqueAcrossNeedsUnique,
    }),
  )
  const functions = nilable(namedList({ type: 'function' }))
  attributes.push(
    { elements: { ...field } },
    { keys: { ...field } },
    { values: { ...field } },
    { fields },
    { entity_checks: entityChecks },
    ...(traits.legacy ? [{ shorthands: functions }] : []),
    { shorthand_fields: shorthands },
  )
  const meta = new SchemaCompiler({ ...createEntityWorld(traits), customRules: metaRules }).record(
    {
      fields: [
        { name: { type: 'string', required: true } },
        { fields },
        { entity_checks: entityChecks },
        ...(traits.legacy ? [{ shorthands: functions }] : []),
        { shorthand_fields: shorthands },
        { transformations: transformations(traits) },
        { check: { type: 'function', nilable: true } },
      ],
    },
    { selfCheck: (schema) => checkFieldShapes(schema, traits) },
  )
  return meta ?? raise('the meta schema has no fields')
}

const metaRules: ReadonlyMap<string, CustomRule> = new Map([
  [
    JSON_SCHEMA_RULE,
    (value) => (isTable(value) ? (checkDraft(JSON_SCHEMA_META, value) ?? validateJsonSchema(value)) : 'schema must be a table'),
  ],
])
