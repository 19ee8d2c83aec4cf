import { LuaError } from '../lua/lua-error.js'
import { elementsOf, isTable, type LuaTable, type LuaValue } from '../lua/lua-table.js'
import { luaFromDefinition } from '../lua/json-value.js'

export const JSON_SCHEMA_DRAFT_4 = 'http://json-schema.org/draft-04/schema#'

function unescapePart(part: string): string {
  const decoded = part.replaceAll(/%([\da-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return decoded.replaceAll(/~[01]/g, (escape) => (escape === '~0' ? '~' : '/'))
}

function step(value: LuaValue, part: string): LuaValue {
  if (!isTable(value)) return undefined
  if (value.elements.length > 0) return /^\d+$/.test(part) ? value.get(Number(part) + 1) : undefined
  return value.get(unescapePart(part))
}

/** The schema inside `root` that calls itself `id`. */
function findById(root: LuaTable, id: string): LuaTable | undefined {
  for (const [, value] of root.entries()) {
    if (!isTable(value)) continue
    const found = value.get('id') === id ? value : findById(value, id)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Follows `$ref` from a schema to the schema it means, inside the same document or in the draft-4 meta schema.
 *
 * @throws LuaError for references to other documents, because Kong does not fetch any, and for those that lead nowhere.
 */
export function resolveSchemaReference(schema: LuaTable, root: LuaTable, metaSchema: LuaTable): { schema: LuaTable; root: LuaTable } {
  let current = { schema, root }
  for (let hops = 0; hops < 100; hops++) {
    const reference = current.schema.get('$ref')
    if (reference === undefined || reference === false) return current
    if (typeof reference !== 'string') throw new LuaError('attempt to index a reference that is not a string')
    current = follow(reference, current.root, metaSchema)
  }
  throw new LuaError(`reference that leads to itself: ${String(schema.get('$ref'))}`)
}

function follow(reference: string, root: LuaTable, metaSchema: LuaTable): { schema: LuaTable; root: LuaTable } {
  const [address = '', fragment = ''] = reference.split('#', 2)
  const own = root.get('id')
  const isOwn = address === '' || (typeof own === 'string' && own.split('#')[0] === address)
  if (!isOwn && `${address}#` !== JSON_SCHEMA_DRAFT_4) throw new LuaError(`an external resolver is required to fetch ${address}`)
  const target = isOwn ? root : metaSchema
  if (fragment === '') return { schema: target, root: target }
  const byId = findById(target, `#${fragment}`)
  if (byId !== undefined) return { schema: byId, root: target }
  let found: LuaValue = target
  for (const part of fragment.split('/')) if (part !== '') found = step(found, part)
  if (!isTable(found)) throw new LuaError(`reference not found: ${reference}`)
  return { schema: found, root: target }
}

const SCHEMA_MAPS = ['properties', 'patternProperties', 'dependencies']
const SCHEMA_LISTS = ['allOf', 'anyOf', 'oneOf']

/**
 * Raises where Kong's library does when it turns a schema into Lua code, before it looks at any value.
 *
 * @throws LuaError for references that lead nowhere, and for an `enum` in which something follows null.
 */
export function assertCompilable(schema: LuaTable, metaSchema: LuaTable): void {
  const seen = new Set<LuaTable>()
  const visit = (given: LuaTable, givenRoot: LuaTable): void => {
    const { schema: resolved, root } = resolveSchemaReference(given, givenRoot, metaSchema)
    if (seen.has(resolved)) return
    seen.add(resolved)
    const values = resolved.get('enum')
    if (elementsOf(values).slice(0, -1).includes(null)) throw new LuaError("')' expected near the value after null")
    for (const inner of innerSchemas(resolved)) visit(inner, root)
  }
  visit(schema, schema)
}

/** Whether a value is a schema; a dependency may be a list of names instead. */
function isSchema(value: LuaValue): value is LuaTable {
  return isTable(value) && value.elements.length === 0
}

function innerSchemas(schema: LuaTable): LuaTable[] {
  const items = elementsOf(schema.get('items'))
  return [
    ...SCHEMA_MAPS.flatMap((keyword) => valuesOf(schema.get(keyword))),
    ...SCHEMA_LISTS.flatMap((keyword) => elementsOf(schema.get(keyword))),
    ...(items.length > 0 ? [...items, schema.get('additionalItems')] : [schema.get('items')]),
    schema.get('additionalProperties'),
    schema.get('not'),
  ].filter(isSchema)
}

function valuesOf(value: LuaValue): readonly LuaValue[] {
  return isTable(value) ? value.entries().map(([, member]) => member) : []
}

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
