import { luaFromDefinition } from '../lua/json-value.js'
import { JSON_SCHEMA_DRAFT_4 } from './json-schema-reference.js'

const self = { $ref: '#' }
const count = { $ref: '#/definitions/positiveInteger' }
const schemaOrFlag = { anyOf: [{ type: 'boolean' }, self] }
const schemaMap = { type: 'object', additionalProperties: self }
const uniqueList = { type: 'array', minItems: 1, uniqueItems: true }

/** The draft-4 schema of JSON schemas, reduced to what restricts a document. */
export const jsonMetaSchema = luaFromDefinition({
  id: JSON_SCHEMA_DRAFT_4,
  $schema: JSON_SCHEMA_DRAFT_4,
  definitions: {
    schemaArray: { type: 'array', minItems: 1, items: self },
    positiveInteger: { type: 'integer', minimum: 0 },
    positiveIntegerDefault0: { allOf: [count, {}] },
    simpleTypes: { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] },
    stringArray: { ...uniqueList, items: { type: 'string' } },
  },
  type: 'object',
  properties: {
    id: { type: 'string' },
    $schema: { type: 'string' },
    title: { type: 'string' },
    description: { type: 'string' },
    default: {},
    multipleOf: { type: 'number', minimum: 0, exclusiveMinimum: true },
    maximum: { type: 'number' },
    exclusiveMaximum: { type: 'boolean' },
    minimum: { type: 'number' },
    exclusiveMinimum: { type: 'boolean' },
    maxLength: count,
    minLength: { $ref: '#/definitions/positiveIntegerDefault0' },
    pattern: { type: 'string' },
    additionalItems: schemaOrFlag,
    items: { anyOf: [self, { $ref: '#/definitions/schemaArray' }] },
    maxItems: count,
    minItems: { $ref: '#/definitions/positiveIntegerDefault0' },
    uniqueItems: { type: 'boolean' },
    maxProperties: count,
    minProperties: { $ref: '#/definitions/positiveIntegerDefault0' },
    required: { $ref: '#/definitions/stringArray' },
    additionalProperties: schemaOrFlag,
    definitions: schemaMap,
    properties: schemaMap,
    patternProperties: schemaMap,
    dependencies: { type: 'object', additionalProperties: { anyOf: [self, { $ref: '#/definitions/stringArray' }] } },
    enum: uniqueList,
    type: { anyOf: [{ $ref: '#/definitions/simpleTypes' }, { ...uniqueList, items: { $ref: '#/definitions/simpleTypes' } }] },
    allOf: { $ref: '#/definitions/schemaArray' },
    anyOf: { $ref: '#/definitions/schemaArray' },
    oneOf: { $ref: '#/definitions/schemaArray' },
    not: self,
  },
  dependencies: { exclusiveMaximum: ['maximum'], exclusiveMinimum: ['minimum'] },
})
