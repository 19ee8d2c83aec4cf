import type { ElementDefinition, FieldDefinition, FieldType, RecordDefinition } from '../definition/field-definition.js'
import type { PluginDefinition } from '../definition/plugin-definition.js'
import type { KongField, KongSchema } from './kong-schema.js'

/** The plugin's schema as Kong reads it from a dump. */
export function generateSchema(definition: PluginDefinition): KongSchema {
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

/** Kong takes a nested record without `required` for a required one, so an optional record must say so. */
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
      return { type: 'map', keys: element(type.keys), values: element(type.values) }
    case 'record':
      return recordField(type.record)
    case 'foreign':
      return { type: 'foreign', reference: type.reference }
    case 'json':
      return { type: 'json', json_schema: type.jsonSchema }
  }
}

