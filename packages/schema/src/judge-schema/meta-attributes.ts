import type { KongTraits } from '../versions/kong-traits.js'
import type { LuaRecord, LuaValue } from '../schema-values/lua-value.js'

/** Name of the rule that an inline JSON schema must be a draft-4 schema itself. */
export const JSON_SCHEMA_RULE = 'draft-4 schema'

const text: LuaRecord = { type: 'string' }
const flag: LuaRecord = { type: 'boolean' }
const whole: LuaRecord = { type: 'integer' }
const number: LuaRecord = { type: 'number' }
const anything: LuaRecord = { type: 'any' }
const func: LuaRecord = { type: 'function' }

export const listOf = (elements: LuaRecord): LuaRecord => ({ type: 'array', elements })
export const recordOf = (fields: Record<string, LuaRecord>): LuaRecord => ({
  type: 'record',
  fields: Object.entries(fields).map(([name, definition]) => ({ [name]: definition })),
})

/** Attributes that are validators, with the shape Kong wants of their arguments. */
export const ruleAttributes = (traits: KongTraits): Record<string, LuaRecord> => {
  const matches = listOf(recordOf({ pattern: { type: 'string', required: true }, err: { ...text } }))
  return {
    between: { ...listOf(traits.v34 ? { ...number } : { ...whole }), len_eq: 2 },
    eq: { ...anything },
    ne: { ...anything },
    gt: { ...number },
    len_eq: { ...whole },
    len_min: { ...whole },
    len_max: { ...whole },
    match: { ...text },
    not_match: { ...text },
    match_all: matches,
    match_none: { ...matches },
    match_any: recordOf({ patterns: { ...listOf({ ...text }), required: true }, err: { ...text } }),
    starts_with: { ...text },
    one_of: listOf({ ...anything }),
    not_one_of: listOf({ ...anything }),
    contains: { ...anything },
    is_regex: { ...flag },
    timestamp: { ...flag },
    uuid: { ...flag },
    custom_validator: { ...func },
    mutually_exclusive_subsets: listOf(listOf({ ...text })),
  }
}

const fieldTypes = (traits: KongTraits): LuaValue[] => [
  'array',
  'boolean',
  'foreign',
  'function',
  'integer',
  ...(traits.json ? ['json'] : []),
  'map',
  'number',
  'record',
  'set',
  'string',
]

const jsonSchemaAttribute = (): LuaRecord => ({
  ...recordOf({
    namespace: { type: 'string', one_of: ['proxy-wasm-filters'] },
    parent_subschema_key: { ...text },
    optional: { ...flag },
    inline: { type: 'any', custom_validator: JSON_SCHEMA_RULE },
    default: { type: 'any', custom_validator: JSON_SCHEMA_RULE },
  }),
  entity_checks: [
    { at_least_one_of: ['inline', 'namespace', 'parent_subschema_key'] },
    { mutually_required: ['namespace', 'parent_subschema_key'] },
    { mutually_exclusive_sets: { set1: ['inline'], set2: ['namespace', 'parent_subschema_key', 'optional'] } },
  ],
})

const deprecationAttribute = (traits: KongTraits): LuaRecord =>
  recordOf({
    message: { type: 'string', required: true },
    removal_in_version: { type: 'string', required: true },
    old_default: { type: 'any', required: false },
    ...(traits.transient && {
      replaced_with: {
        ...listOf({
          ...recordOf({
            path: { ...listOf({ ...text }), len_min: 1, required: true },
            reverse_mapping_function: { type: 'function', required: false },
          }),
          required: false,
        }),
        required: false,
      },
    }),
  })

/** Every attribute of a field that holds no further field definitions. Kong takes each as missing unless it is `type`. */
export const plainAttributes = (traits: KongTraits): Record<string, LuaRecord> => ({
  type: { type: 'string', one_of: fieldTypes(traits), required: true },
  required: { ...flag },
  reference: { ...text },
  ...(traits.v34 && { description: { type: 'string', len_min: 10, len_max: 500 } }),
  ...(traits.examples && { examples: listOf({ ...anything }) }),
  auto: { ...flag },
  unique: { ...flag },
  unique_across_ws: { ...flag },
  on_delete: { type: 'string', one_of: ['restrict', 'cascade', 'null'] },
  default: { type: 'self' },
  abstract: { ...flag },
  generate_admin_api: { ...flag },
  ...(traits.legacy && { legacy: { ...flag } }),
  immutable: { ...flag },
  err: { ...text },
  encrypted: { ...flag },
  referenceable: { ...flag },
  ...(traits.json && { json_schema: jsonSchemaAttribute() }),
  ...(traits.transient && { transient: { ...flag } }),
  ...(traits.deprecation && { deprecation: deprecationAttribute(traits) }),
  ...ruleAttributes(traits),
})
