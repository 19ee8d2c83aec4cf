import { SchemaCompiler } from '../engine/schema-compiler.js'
import type { Field, RecordSchema } from '../engine/schema-model.js'
import type { KongFeatures } from '../versions/kong-version.js'
import { luaFromDefinition, type LuaDefinition } from '../lua/json-value.js'
import { LuaError } from '../lua/lua-error.js'
import { luaToString } from '../lua/lua-text.js'
import { elementsOf, isTable, isTruthy, type LuaTable, type LuaValue } from '../lua/lua-table.js'
import { isCoreEntity, PROTOCOLS } from './core-entities.js'
import { createEntityWorld } from './entity-world.js'

/** The reason why Kong refuses a plugin schema that its meta schema accepts. */
export interface InitProblem {
  readonly error: string
}

const time: LuaDefinition = { type: 'integer', timestamp: true, auto: true }

const parentDefinitions = new WeakMap<KongFeatures, LuaTable>()

function parentDefinition(features: KongFeatures): LuaTable {
  const definition = parentDefinitions.get(features) ?? luaFromDefinition({ fields: parentFields(features) })
  parentDefinitions.set(features, definition)
  return definition
}

/** The fields of Kong's plugins entity, into which a plugin's schema is put. */
function parentFields(features: KongFeatures): readonly LuaDefinition[] {
  return [
    { id: { type: 'string', uuid: true, auto: true } },
    { name: { type: 'string', required: true } },
    ...(features.instanceName ? [{ instance_name: { type: 'string', custom_validator: 'utf8_name' } }] : []),
    { created_at: time },
    ...(features.updatedAt ? [{ updated_at: time }] : []),
    ...['route', 'service', 'consumer'].map((field) => ({ [field]: { type: 'foreign', reference: `${field}s`, default: null } })),
    { config: { type: 'record', abstract: true } },
    {
      protocols: {
        type: 'set',
        required: true,
        default: ['grpc', 'grpcs', 'http', 'https'],
        elements: { type: 'string', one_of: PROTOCOLS },
      },
    },
    { enabled: { type: 'boolean', required: true, default: true } },
    { tags: { type: 'set', elements: { type: 'string', required: true, custom_validator: 'tag' } } },
  ]
}

/** Puts a plugin schema into Kong's plugins entity. Changes the schema as Kong does: records become required. */
export function createPluginEntity(schema: LuaTable, pluginName: string, features: KongFeatures): RecordSchema | InitProblem {
  const world = createEntityWorld(features, schema.get('name'))
  const compiler = new SchemaCompiler(world)
  const parent = compiler.record(parentDefinition(features))
  if (parent === undefined) return { error: "error in schema definition: no 'fields' table" }
  requireRecords(schema)
  const subschema = createSubschema(compiler, schema)
  if ('error' in subschema) return subschema
  for (const { name, field } of subschema.fields) {
    const inherited = parent.byName.get(name)
    const problem =
      inherited === undefined
        ? 'cannot create a new field'
        : isCompatible(inherited, field, features)
          ? undefined
          : 'cannot change type in a specialized field'
    if (problem !== undefined) return { error: `error in definition of '${pluginName}': ${name}: ${problem}` }
  }
  return {
    ...parent,
    primaryKey: ['id'],
    subschemaKey: 'name',
    findSubschema: (name) => (name === pluginName ? subschema : undefined),
    subschemaError: (name) => `plugin '${name}' not enabled; add it to the 'plugins' configuration property`,
  }
}

function createSubschema(compiler: SchemaCompiler, schema: LuaTable): RecordSchema | InitProblem {
  for (const item of elementsOf(schema.get('fields'))) {
    const definition = isTable(item) ? item.entries()[0]?.[1] : undefined
    if (!isTable(definition) || definition.get('type') !== 'foreign') continue
    const reference = definition.get('reference')
    // Kong registers the plugin's own name as an entity only after it has checked the fields.
    if (typeof reference !== 'string' || !isCoreEntity(reference)) {
      return { error: `schema refers to an invalid foreign entity: ${luaToString(reference)}` }
    }
  }
  return compiler.record(schema) ?? { error: "error in schema definition: no 'fields' table" }
}

function isCompatible(parent: Field, child: Field, features: KongFeatures): boolean {
  if (parent.type === 'record' && child.type === 'json') return features.jsonConfig
  if (parent.type !== child.type) return false
  return parent.type !== 'set' || parent.elements?.type === child.elements?.type
}

/** Makes every record required that does not say otherwise, also inside records, but not inside lists and maps. */
function requireRecords(definition: LuaTable): void {
  for (const item of fieldItems(definition)) {
    const field = isTable(item) ? item.entries()[0]?.[1] : undefined
    if (!isTable(field) || field.get('type') !== 'record') continue
    if (field.get('required') === undefined) field.set('required', true)
    requireRecords(field)
  }
}

function fieldItems(definition: LuaTable): readonly LuaValue[] {
  const fields = definition.get('fields')
  if (isTable(fields)) return fields.elements
  throw new LuaError(`attempt to index field 'fields' (a ${isTruthy(fields) ? 'userdata' : 'nil'} value)`)
}
