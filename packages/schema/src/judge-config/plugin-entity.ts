import { SchemaCompiler } from '../engine/schema-compiler.js'
import type { Field, RecordSchema } from '../engine/schema-model.js'
import type { KongTraits } from '../versions/kong-traits.js'
import { LuaRaise } from '../schema-values/lua-raise.js'
import { luaToString } from '../schema-values/lua-text.js'
import {
  elementsOf,
  getKey,
  isRecord,
  isTable,
  isTruthy,
  setKey,
  tableEntries,
  type LuaRecord,
  type LuaTable,
  type LuaValue,
} from '../schema-values/lua-value.js'
import { isCoreEntity, PROTOCOLS } from './core-entities.js'
import { createEntityWorld } from './entity-world.js'

/** Why Kong does not take a plugin schema that its meta schema accepts. */
export interface InitProblem {
  readonly error: string
}

const uuid: LuaRecord = { type: 'string', uuid: true, auto: true }
const time: LuaRecord = { type: 'integer', timestamp: true, auto: true }

const parentFields = (traits: KongTraits): [string, LuaRecord][] => [
  ['id', uuid],
  ['name', { type: 'string', required: true }],
  ...(traits.instanceName ? [['instance_name', { type: 'string', custom_validator: 'utf8_name' }] satisfies [string, LuaRecord]] : []),
  ['created_at', time],
  ...(traits.updatedAt ? [['updated_at', time] satisfies [string, LuaRecord]] : []),
  ...['route', 'service', 'consumer'].map((field): [string, LuaRecord] => [
    field,
    { type: 'foreign', reference: `${field}s`, default: null },
  ]),
  ['config', { type: 'record', abstract: true }],
  [
    'protocols',
    {
      type: 'set',
      required: true,
      default: ['grpc', 'grpcs', 'http', 'https'],
      elements: { type: 'string', one_of: [...PROTOCOLS] },
    },
  ],
  ['enabled', { type: 'boolean', required: true, default: true }],
  ['tags', { type: 'set', elements: { type: 'string', required: true, custom_validator: 'tag' } }],
]

/** Kong's plugins entity with one plugin schema in it. The schema is changed as Kong changes it: records become required. */
export const createPluginEntity = (schema: LuaRecord, pluginName: string, traits: KongTraits): RecordSchema | InitProblem => {
  const world = createEntityWorld(traits, getKey(schema, 'name'))
  const compiler = new SchemaCompiler(world)
  const parent = compiler.record({ fields: parentFields(traits).map(([name, definition]) => ({ [name]: definition })) })
  if (parent === undefined) return { error: "error in schema definition: no 'fields' table" }
  requireRecords(schema)
  const subschema = createSubschema(compiler, schema)
  if ('error' in subschema) return subschema
  for (const { name, field } of subschema.fields) {
    const inherited = parent.byName.get(name)
    const problem =
      inherited === undefined
        ? 'cannot create a new field'
        : isCompatible(inherited, field, traits)
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

const createSubschema = (compiler: SchemaCompiler, schema: LuaRecord): RecordSchema | InitProblem => {
  const list = getKey(schema, 'fields')
  for (const item of isTable(list) ? elementsOf(list) : []) {
    const definition = isTable(item) ? tableEntries(item)[0]?.[1] : undefined
    if (!isRecord(definition) || getKey(definition, 'type') !== 'foreign') continue
    const reference = getKey(definition, 'reference')
    // The plugin's own name becomes an entity only after its fields have been looked at.
    if (typeof reference !== 'string' || !isCoreEntity(reference)) {
      return { error: `schema refers to an invalid foreign entity: ${luaToString(reference)}` }
    }
  }
  return compiler.record(schema) ?? { error: "error in schema definition: no 'fields' table" }
}

const isCompatible = (parent: Field, child: Field, traits: KongTraits): boolean => {
  if (parent.type === 'record' && child.type === 'json') return traits.v39
  if (parent.type !== child.type) return false
  return parent.type !== 'set' || parent.elements?.type === child.elements?.type
}

/** Records that do not say otherwise become required, those inside records too (but not inside lists and maps). */
const requireRecords = (definition: LuaTable): void => {
  for (const item of fieldItems(definition)) {
    const field = isTable(item) ? tableEntries(item)[0]?.[1] : undefined
    if (!isRecord(field) || getKey(field, 'type') !== 'record') continue
    if (getKey(field, 'required') === undefined) setKey(field, 'required', true)
    requireRecords(field)
  }
}

const fieldItems = (definition: LuaTable): readonly (LuaValue | undefined)[] => {
  const fields = getKey(definition, 'fields')
  if (isTable(fields)) return elementsOf(fields)
  throw new LuaRaise(`attempt to index field 'fields' (a ${isTruthy(fields) ? 'userdata' : 'nil'} value)`)
}
