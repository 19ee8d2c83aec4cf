import type { KongField, KongSchema } from '@kong-ts/schema'
import type { ElementDefinition, FieldDefinition, FieldType, RecordDefinition, PluginDefinition } from '../definition/plugin-definition.js'
import { fitSchema, oldestKongFor, type FittedSchema } from './fit-schema.js'

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
