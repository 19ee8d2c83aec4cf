import type { KongField, KongSchema, JsonValue, KongFields } from '@kong-ts/schema'
import type { ElementDefinition, FieldDefinition, FieldType, RecordDefinition, PluginDefinition } from '../definition/plugin-definition.js'

/** The plugin's schema as Kong reads it from a dump, without attributes that are newer than the plugin's `kongVersion`. */
export function generateSchema(definition: PluginDefinition): KongSchema {
  return generateSchemaFor(definition).schema
}

/**
 * The plugin's schema for one version of Kong, and a line for each attribute that was left out because this Kong does not know it.
 *
 * @param kongVersion such as `3.4`. Default: the plugin's `kongVersion`; without one nothing is left out.
 */
export function generateSchemaFor(definition: PluginDefinition, kongVersion: string | undefined = definition.kongVersion): FittedSchema {
  const schema = wholeSchema(definition)
  return kongVersion === undefined ? { schema, warnings: [] } : fitSchema(schema, kongVersion)
}

/** The oldest Kong that knows everything the plugin's schema uses, such as `2.8` or `3.6`. */
export function oldestKongVersion(definition: PluginDefinition): string {
  return oldestKongFor(wholeSchema(definition))
}

function wholeSchema(definition: PluginDefinition): KongSchema {
  const { name, config, topLevelFields, topLevelEntityChecks } = definition
  return {
    name,
    fields: [...topLevelFields, { config: recordField(config) }],
    ...(topLevelEntityChecks.length === 0 ? {} : { entity_checks: topLevelEntityChecks }),
  }
}

function recordField({ fields, entityChecks }: RecordDefinition): KongField {
  return {
    type: 'record',
    fields: fields.map((field) => ({ [field.name]: namedField(field) })),
    ...(entityChecks.length === 0 ? {} : { entity_checks: entityChecks }),
  }
}

/** Kong treats a nested record without `required` as required, so an optional record has `required: false`. */
function namedField(field: FieldDefinition): KongField {
  const { required, type } = field
  return {
    ...element(field),
    ...(required || type.kind === 'record' ? { required } : {}),
    ...(field.default === undefined ? {} : { default: field.default }),
  }
}

function element({ type, attributes }: ElementDefinition): KongField {
  return { ...typeInKong(type), ...attributes }
}

function typeInKong(type: FieldType): KongField {
  switch (type.kind) {
    case 'string':
    case 'number':
    case 'integer':
    case 'boolean':
      return { type: type.kind }
    case 'array':
    case 'set':
      return { type: type.kind, elements: element(type.elements) }
    case 'map':
      return { type: 'map', keys: keyInKong(type.keys), values: element(type.values) }
    case 'record':
      return recordField(type.record)
    case 'foreign':
      return { type: 'foreign', reference: type.reference }
    case 'json':
      return { type: 'json', json_schema: type.jsonSchema }
  }
}

/** Keys of JSON objects are text, so Kong would refuse every key of type number. */
const NUMBER_TEXT: Readonly<Record<string, KongField>> = {
  integer: { type: 'string', match: '^-?%d+$' },
  number: { type: 'string', match_any: { patterns: ['^-?%d+$', '^-?%d*%.%d+$', '^-?%d+%.?%d*[eE][+-]?%d+$'] } },
}

function keyInKong(key: ElementDefinition): KongField {
  const text = NUMBER_TEXT[key.type.kind]
  if (text === undefined) return element(key)
  const { one_of: oneOf, not_one_of: notOneOf, ...notes } = key.attributes
  return {
    ...text,
    ...notes,
    ...(Array.isArray(oneOf) ? { one_of: oneOf.map(String) } : {}),
    ...(Array.isArray(notOneOf) ? { not_one_of: notOneOf.map(String) } : {}),
  }
}

/** The first Kong that knows an attribute. All others are known since 2.8, the oldest Kong that kong-ts serves. */
const ATTRIBUTES_SINCE: Readonly<Record<string, string>> = {
  description: '3.4',
  json_schema: '3.5',
  examples: '3.6',
  deprecation: '3.7',
  transient: '3.8',
}
const FRACTIONS_SINCE = '3.4'
const REPLACED_WITH_SINCE = '3.8'
const OLDEST = '2.8'

/** Compares versions by their numbers. Not taken from @kong-ts/schema, so that a built server can dump without that package. */
const { compare: compareVersions } = new Intl.Collator('en', { numeric: true })

function isNewerKong(version: string, than: string): boolean {
  return compareVersions(version, than) > 0
}

/** A schema for an older Kong, and what was left out of it. */
export interface FittedSchema {
  readonly schema: KongSchema
  /** One line for each attribute: `config.rate: description needs Kong 3.4, left out for 3.3`. */
  readonly warnings: readonly string[]
}

/** Called for everything in a schema that came after Kong 2.8. Returns whether it stays. */
type Keeps = (place: string, what: string, since: string) => boolean

/**
 * Leaves out attributes that a Kong does not know: it would not start with them. Fractional limits of `between` are widened to whole
 * numbers. A field of type json cannot be left out; `checkSchema` refuses it.
 *
 * @param kongVersion such as `3.4` or `3.9.1`.
 */
export function fitSchema(schema: KongSchema, kongVersion: string): FittedSchema {
  const warnings: string[] = []
  const fitted = rewriteSchema(schema, (place, what, since) => {
    if (what === 'json_schema' || !isNewerKong(since, kongVersion)) return true
    warnings.push(`${place}: ${what} needs Kong ${since}, left out for ${kongVersion}`)
    return false
  })
  return { schema: fitted, warnings }
}

/** The oldest Kong that knows everything in the schema, such as `2.8` or `3.6`. */
export function oldestKongFor(schema: KongSchema): string {
  let oldest = OLDEST
  rewriteSchema(schema, (_place, _what, since) => {
    if (isNewerKong(since, oldest)) oldest = since
    return true
  })
  return oldest
}

function rewriteSchema(schema: KongSchema, keeps: Keeps): KongSchema {
  return { ...schema, fields: rewriteFields(schema.fields, '', keeps) }
}

function rewriteFields(fields: KongFields, place: string, keeps: Keeps): KongFields {
  return fields.map((entry) =>
    Object.fromEntries(
      Object.entries(entry).map(([name, field]) => [name, rewriteField(field, place === '' ? name : `${place}.${name}`, keeps)]),
    ),
  )
}

function rewriteField(field: KongField, place: string, keeps: Keeps): KongField {
  const rewritten: Record<string, KongField[string]> = {}
  for (const [name, value] of Object.entries(field)) {
    if (name === 'fields') rewritten[name] = rewriteFields(value as KongFields, place, keeps)
    else if (name === 'elements' || name === 'keys' || name === 'values')
      rewritten[name] = rewriteField(value as KongField, `${place}[]`, keeps)
    else if (name === 'between') rewritten[name] = rewriteRange(value, place, keeps)
    else {
      const since = ATTRIBUTES_SINCE[name]
      if (since !== undefined && !keeps(place, name, since)) continue
      rewritten[name] = name === 'deprecation' ? rewriteDeprecation(value, place, keeps) : value
    }
  }
  return { ...rewritten, type: field.type }
}

function rewriteRange(value: KongField[string], place: string, keeps: Keeps): KongField[string] {
  if (!Array.isArray(value) || value.every((limit) => Number.isInteger(limit))) return value
  if (keeps(place, 'between with fractions', FRACTIONS_SINCE)) return value
  return value.map((limit: JsonValue, index) => (typeof limit === 'number' ? (index === 0 ? Math.floor(limit) : Math.ceil(limit)) : limit))
}

function rewriteDeprecation(value: KongField[string], place: string, keeps: Keeps): KongField[string] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('replaced_with' in value)) return value
  if (keeps(place, 'deprecation.replaced_with', REPLACED_WITH_SINCE)) return value
  const { replaced_with: _left, ...rest } = value
  return rest
}
