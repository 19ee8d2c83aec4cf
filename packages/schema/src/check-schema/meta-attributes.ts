import type { KongFeatures } from '../versions/kong-version.js'
import type { LuaDefinition } from '../lua/json-value.js'

/** Attributes of a field, or members of another definition. */
export type Definition = { readonly [attribute: string]: LuaDefinition }

/** Name of the custom rule by which an inline JSON schema must be a draft-4 schema. */
export const JSON_SCHEMA_RULE = 'draft-4 schema'

const text: Definition = { type: 'string' }
const flag: Definition = { type: 'boolean' }
const whole: Definition = { type: 'integer' }
const number: Definition = { type: 'number' }
const anything: Definition = { type: 'any' }
const func: Definition = { type: 'function' }

export function listOf(elements: Definition): Definition {
  return { type: 'array', elements }
}
export function recordOf(fields: Record<string, Definition>): Definition {
  return {
    type: 'record',
    fields: Object.entries(fields).map(([name, definition]) => ({ [name]: definition })),
  }
}

/** Attributes that are validators, with the type of their argument. */
export function ruleAttributes(features: KongFeatures): Record<string, Definition> {
  const matches = listOf(recordOf({ pattern: { type: 'string', required: true }, err: { ...text } }))
  return {
    between: { ...listOf(features.fractionalBetween ? { ...number } : { ...whole }), len_eq: 2 },
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

function fieldTypes(features: KongFeatures): LuaDefinition[] {
  return [
    'array',
    'boolean',
    'foreign',
    'function',
    'integer',
    ...(features.json ? ['json'] : []),
    'map',
    'number',
    'record',
    'set',
    'string',
  ]
}

function jsonSchemaAttribute(): Definition {
  return {
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
  }
}

function deprecationAttribute(features: KongFeatures): Definition {
  return recordOf({
    message: { type: 'string', required: true },
    removal_in_version: { type: 'string', required: true },
    old_default: { type: 'any', required: false },
    ...(features.transient && {
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
}

/** Every attribute of a field that does not contain further field definitions. All but `type` may be missing. */
export function plainAttributes(features: KongFeatures): Record<string, Definition> {
  return {
    type: { type: 'string', one_of: fieldTypes(features), required: true },
    required: { ...flag },
    reference: { ...text },
    ...(features.description && { description: { type: 'string', len_min: 10, len_max: 500 } }),
    ...(features.examples && { examples: listOf({ ...anything }) }),
    auto: { ...flag },
    unique: { ...flag },
    unique_across_ws: { ...flag },
    on_delete: { type: 'string', one_of: ['restrict', 'cascade', 'null'] },
    default: { type: 'self' },
    abstract: { ...flag },
    generate_admin_api: { ...flag },
    ...(features.legacy && { legacy: { ...flag } }),
    immutable: { ...flag },
    err: { ...text },
    encrypted: { ...flag },
    referenceable: { ...flag },
    ...(features.json && { json_schema: jsonSchemaAttribute() }),
    ...(features.transient && { transient: { ...flag } }),
    ...(features.deprecation && { deprecation: deprecationAttribute(features) }),
    ...ruleAttributes(features),
  }
}
