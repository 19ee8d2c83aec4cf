import { SchemaCompiler, type SchemaWorld } from '../engine/schema-compiler.js'
import type { CustomRule, RecordSchema } from '../engine/schema-model.js'
import type { KongTraits } from '../versions/kong-traits.js'
import type { LuaValue } from '../schema-values/lua-value.js'
import { coreEntity, isCoreEntity, PROTOCOLS } from './core-entities.js'
import { tagError, utf8NameError } from './name-rules.js'

const customRules: ReadonlyMap<string, CustomRule> = new Map([
  ['tag', tagError],
  ['utf8_name', utf8NameError],
])

/**
 * The entities that foreign fields find. Each is compiled when a value first needs it.
 *
 * @param ownName name of the plugin schema, which Kong keeps among its entities: it takes the place of one of that name, and has no primary key.
 */
export const createEntityWorld = (traits: KongTraits, ownName?: LuaValue): SchemaWorld => {
  const found = new Map<string, RecordSchema | undefined>()
  const world: SchemaWorld = {
    traits,
    customRules,
    hasEntity: (name) => name === ownName || isCoreEntity(name),
    findEntity: (name) => {
      if (!found.has(name)) found.set(name, makeEntity(name))
      return found.get(name)
    },
  }
  const compiler = new SchemaCompiler(world)
  const makeEntity = (name: string): RecordSchema | undefined => {
    if (name === ownName) return compiler.record({ fields: [] })
    const entity = coreEntity(name)
    if (entity === undefined) return undefined
    const byProtocol = name === 'routes' ? compiler.record({ fields: [] }) : undefined
    const routes = {
      subschemaKey: 'protocols',
      findSubschema: (key: string) => (PROTOCOLS.includes(key) ? byProtocol : undefined),
    }
    return compiler.record(entity.definition, { ...entity.extras, ...(name === 'routes' && routes) })
  }
  return world
}
