import { SchemaCompiler } from '../engine/schema-compiler.js'
import type { CustomRule, RecordSchema } from '../engine/schema-model.js'
import { draftError } from '../engine/json-field.js'
import { JSON_SCHEMA_META, validateJsonSchema } from '../json-schema/validate-json.js'
import type { KongFeatures } from '../versions/kong-version.js'
import { raise } from '../lua/lua-error.js'
import { luaFromDefinition, type LuaDefinition } from '../lua/json-value.js'
import { isTable } from '../lua/lua-table.js'
import { createEntityWorld } from '../entities/entity-world.js'
import { checkFieldShapes } from './check-field-shapes.js'
import { JSON_SCHEMA_RULE, listOf, plainAttributes, recordOf, ruleAttributes, type Definition } from './meta-attributes.js'

function names(): Definition {
  return listOf({ type: 'string' })
}

function nilable(definition: Definition): Definition {
  return { ...definition, nilable: true }
}

/** A list of objects with exactly one key. Kong writes fields like this to keep their order. */
function namedList(definition: Definition): Definition {
  return listOf({ type: 'map', keys: { type: 'string' }, values: { ...definition, required: true }, required: true, len_eq: 1 })
}

function entityCheckFields(features: KongFeatures, field: Definition): Record<string, Definition> {
  const match = (): Definition =>
    recordOf({
      required: { type: 'boolean' },
      elements: { ...field },
      keys: { ...field },
      values: { ...field },
      ...Object.fromEntries(Object.entries(ruleAttributes(features)).map(([name, definition]) => [name, nilable(definition)])),
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
      ...(features.runWithFlags && { run_with_missing_fields: { type: 'boolean' }, run_with_invalid_fields: { type: 'boolean' } }),
    }),
    mutually_required: names(),
    mutually_exclusive: names(),
    mutually_exclusive_sets: recordOf({ set1: names(), set2: names() }),
  }
}

const uniqueAcrossNeedsUnique: LuaDefinition[] = [
  {
    conditional: {
      if_field: 'unique_across_ws',
      if_match: { eq: true },
      then_field: 'unique',
      then_match: { eq: true, required: true },
    },
  },
]

function transformations(features: KongFeatures): Definition {
  return {
    ...listOf({
      ...recordOf({
        input: { ...names(), required: !features.optionalTransformationInput },
        needs: { ...names(), required: false },
        on_write: { type: 'function', required: false },
        on_read: { type: 'function', required: false },
      }),
      entity_checks: [{ at_least_one_of: ['on_write', 'on_read'] }],
    }),
    nilable: true,
  }
}

/** A shorthand is a field of a simple type with a function. */
function shorthandAttributes(features: KongFeatures, attributes: readonly Definition[], types: readonly LuaDefinition[]): Definition[] {
  return [
    { type: { type: 'string', one_of: types.filter((type) => !['record', 'foreign', 'function'].includes(String(type))), required: true } },
    ...attributes.slice(1),
    { func: { type: 'function', required: true } },
    ...(features.translateBackwards ? [{ translate_backwards: { ...names(), required: false } }] : []),
  ]
}

/** Kong's schema of plugin schemas, for one version. Definitions contain themselves, because a field may contain fields. */
export function createMetaSchema(features: KongFeatures): RecordSchema {
  const plain = plainAttributes(features)
  const attributes: Definition[] = Object.entries(plain).map(([name, definition]) => ({
    [name]: definition['required'] === true ? definition : nilable(definition),
  }))
  const field: Definition = { type: 'record', fields: attributes }
  const fields = namedList({ ...field, entity_checks: uniqueAcrossNeedsUnique })
  const checks = entityCheckFields(features, field)
  const entityChecks = nilable(listOf({ ...recordOf(checks), entity_checks: [{ only_one_of: Object.keys(checks).toSorted() }] }))
  const types = plain['type']?.['one_of']
  const shorthands = nilable(
    namedList({
      type: 'record',
      fields: shorthandAttributes(features, attributes, Array.isArray(types) ? types.filter((type) => type !== undefined) : []),
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
    ...(features.legacy ? [{ shorthands: functions }] : []),
    { shorthand_fields: shorthands },
  )
  const meta = new SchemaCompiler({ ...createEntityWorld(features), customRules: metaRules }).record(
    luaFromDefinition({
      fields: [
        { name: { type: 'string', required: true } },
        { fields },
        { entity_checks: entityChecks },
        ...(features.legacy ? [{ shorthands: functions }] : []),
        { shorthand_fields: shorthands },
        { transformations: transformations(features) },
        { check: { type: 'function', nilable: true } },
      ],
    }),
    { selfCheck: (schema) => checkFieldShapes(schema, features) },
  )
  return meta ?? raise('the meta schema has no fields')
}

const metaRules: ReadonlyMap<string, CustomRule> = new Map([
  [
    JSON_SCHEMA_RULE,
    (value) => (isTable(value) ? (draftError(JSON_SCHEMA_META, value) ?? validateJsonSchema(value)) : 'schema must be a table'),
  ],
])
