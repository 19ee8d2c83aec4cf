import type { JsonValue, KongField, KongSchema } from '../language/kong-schema.js'
import { namedFields, partOf } from '../language/kong-schema.js'
import { upgradeDraft4 } from './upgrade-draft-4.js'

type JsonSchema = { [keyword: string]: JsonValue }

/** Pattern of what Kong takes for a reference to a secret. */
const REFERENCE = '^\\{vault://[\\s\\S]*\\}$'
const UUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'

/**
 * Writes the plugin's `config` as JSON Schema 2020-12, for editors and CI.
 *
 * The result accepts everything that Kong accepts. JSON Schema cannot express Lua patterns and checks over several fields; they stand in
 * `$comment`.
 */
export function generateJsonSchema(schema: KongSchema): JsonValue {
  const config = schema.fields.flatMap((entry) => Object.entries(entry)).find(([name]) => name === 'config')?.[1]
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `config of the Kong plugin ${schema.name}`,
    ...(config === undefined ? { type: 'object' } : fieldSchema(config)),
  }
}

function fieldSchema(field: KongField): JsonSchema {
  const { description, examples, deprecation } = field
  return {
    ...typeSchema(field),
    ...(typeof description === 'string' ? { description } : {}),
    ...(field['default'] === undefined ? {} : { default: json(field['default']) }),
    ...(Array.isArray(examples) ? { examples: json(examples) } : {}),
    ...(deprecation === undefined ? {} : { deprecated: true }),
    ...(field['encrypted'] === true || field['referenceable'] === true ? { writeOnly: true } : {}),
  }
}

/** Allows null: Kong takes it for every field that is not required, and then checks nothing else. */
function memberSchema(field: KongField): JsonSchema {
  const schema = fieldSchema(field)
  const isRequired = field['required'] === true || (field.type === 'record' && field['required'] !== false)
  if (isRequired || field.type === 'json') return schema
  const { description, default: fallback, examples, deprecated, writeOnly, ...rules } = schema
  const notes = Object.fromEntries(
    Object.entries({ description, default: fallback, examples, deprecated, writeOnly }).filter(([, note]) => note !== undefined),
  )
  return { ...(notes as JsonSchema), anyOf: [rules, { type: 'null' }] }
}

function typeSchema(field: KongField): JsonSchema {
  switch (field.type) {
    case 'string':
      return stringSchema(field)
    case 'number':
    case 'integer':
      return { type: field.type, ...numberRules(field), ...valueRules(field) }
    case 'boolean':
      return { type: 'boolean', ...valueRules(field) }
    case 'array':
    case 'set':
      return emptyTable(
        { type: 'array', items: partSchema(field, 'elements'), ...listRules(field) },
        'object',
        'maxProperties',
        lengthOf(field),
      )
    case 'map':
      return emptyTable(
        {
          type: 'object',
          propertyNames: partSchema(field, 'keys'),
          additionalProperties: partSchema(field, 'values'),
          ...lengthRules(field, 'Properties'),
        },
        'array',
        'maxItems',
        lengthOf(field),
      )
    case 'record':
      return recordSchema(field)
    case 'foreign':
      return {
        type: 'object',
        properties: { id: { type: 'string', pattern: UUID } },
        required: ['id'],
        $comment: `an entity of Kong: ${String(field['reference'])}`,
      }
    case 'json':
      return upgradeDraft4(inlineSchema(field))
  }
}

/** Allows an empty object for an empty list and the reverse, because Kong cannot tell them apart. */
function emptyTable(schema: JsonSchema, other: string, keyword: string, least: number): JsonSchema {
  return least > 0 ? schema : { anyOf: [schema, { type: other, [keyword]: 0 }] }
}

function lengthOf(field: KongField): number {
  const least = field['len_eq'] ?? field['len_min']
  return typeof least === 'number' ? least : 0
}

function recordSchema(field: KongField): JsonSchema {
  const members = namedFields(field)
  const needed = members
    .filter(([, member]) => member['required'] === true && member.type !== 'record' && member['default'] === undefined)
    .map(([name]) => name)
  const checks = field['entity_checks']
  const schema: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries(members.map(([name, member]) => [name, memberSchema(member)])),
    additionalProperties: false,
    ...(needed.length === 0 ? {} : { required: needed }),
    ...(checks === undefined ? {} : { $comment: `checks over several fields: ${JSON.stringify(checks)}` }),
  }
  return needed.length > 0 ? schema : { anyOf: [schema, { type: 'array', maxItems: 0 }] }
}

function stringSchema(field: KongField): JsonSchema {
  const patterns = ['match', 'not_match', 'match_all', 'match_any', 'match_none'].filter((name) => field[name] !== undefined)
  const startsWith = field['starts_with']
  const rules: JsonSchema = {
    type: 'string',
    ...textLength(field),
    ...(typeof startsWith === 'string' ? { pattern: `^${escapeRegexp(startsWith)}` } : {}),
    ...(field['uuid'] === true ? { format: 'uuid', pattern: UUID } : {}),
    ...(field['is_regex'] === true ? { format: 'regex' } : {}),
    ...valueRules(field),
    ...(patterns.length === 0
      ? {}
      : { $comment: `Lua patterns: ${patterns.map((name) => `${name} ${JSON.stringify(field[name])}`).join(', ')}` }),
  }
  return field['referenceable'] === true ? { anyOf: [rules, { type: 'string', pattern: REFERENCE }] } : rules
}

/** Limits of a text's length. Kong counts bytes; JSON Schema counts characters, which have up to four bytes. */
function textLength(field: KongField): JsonSchema {
  const [exact, least, most] = [field['len_eq'], field['len_min'], field['len_max']]
  const min = Math.max(typeof least === 'number' ? least : 1, typeof exact === 'number' ? exact : 0)
  const max = typeof exact === 'number' ? exact : most
  return { ...(min > 0 ? { minLength: Math.ceil(min / 4) } : {}), ...(typeof max === 'number' ? { maxLength: Math.max(max, 0) } : {}) }
}

function numberRules(field: KongField): JsonSchema {
  const { between, gt } = field
  const [min, max] = Array.isArray(between) ? between : []
  return {
    ...(typeof min === 'number' ? { minimum: min } : {}),
    ...(typeof max === 'number' && max !== Number.MAX_VALUE ? { maximum: max } : {}),
    ...(typeof gt === 'number' ? { exclusiveMinimum: gt } : {}),
    ...(field['timestamp'] === true && gt === undefined ? { exclusiveMinimum: 0 } : {}),
  }
}

function listRules(field: KongField): JsonSchema {
  const { contains } = field
  // A set may be given an element twice: Kong drops the second before it counts.
  const lengths =
    field.type === 'set'
      ? lengthRules({ ...field, len_max: undefined, len_eq: undefined, len_min: lengthOf(field) }, 'Items')
      : lengthRules(field, 'Items')
  return { ...lengths, ...(contains === undefined ? {} : { contains: { const: json(contains) } }) }
}

function lengthRules(field: KongField, what: 'Items' | 'Properties'): JsonSchema {
  const [exact, least, most] = [field['len_eq'], field['len_min'], field['len_max']]
  return {
    ...(typeof least === 'number' && least > 0 ? { [`min${what}`]: least } : {}),
    ...(typeof most === 'number' && most >= 0 ? { [`max${what}`]: most } : {}),
    ...(typeof exact === 'number' && exact >= 0 ? { [`min${what}`]: exact, [`max${what}`]: exact } : {}),
  }
}

function valueRules(field: KongField): JsonSchema {
  const { eq, ne, one_of: oneOf, not_one_of: notOneOf } = field
  const unwanted = [...(ne === undefined ? [] : [json(ne)]), ...(Array.isArray(notOneOf) ? notOneOf.map(json) : [])]
  return {
    ...(eq === undefined ? {} : { const: json(eq) }),
    ...(Array.isArray(oneOf) ? { enum: json(oneOf) } : {}),
    ...(unwanted.length === 0 ? {} : { not: { enum: unwanted } }),
  }
}

function partSchema(field: KongField, part: 'elements' | 'keys' | 'values'): JsonSchema {
  const inner = partOf(field, part)
  return inner === undefined ? {} : fieldSchema(inner)
}

function inlineSchema(field: KongField): JsonValue {
  const source = json(field['json_schema'])
  return typeof source === 'object' && source !== null && 'inline' in source ? (source.inline ?? {}) : {}
}

/** An attribute as JSON. Its type admits field definitions too, which are JSON as well. */
function json(value: KongField[string]): JsonValue {
  return value === undefined ? null : (value as JsonValue)
}

function escapeRegexp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
