import { SchemaCompiler, type SchemaWorld } from '../engine/schema-compiler.js'
import type { CustomRule, RecordSchema } from '../engine/schema-model.js'
import type { KongFeatures } from '../versions/kong-version.js'
import { LuaTable, type LuaValue } from '../lua/lua-table.js'
import { fromLuaText, luaToString, toLuaText } from '../lua/lua-text.js'
import { coreEntity, isCoreEntity, PROTOCOLS } from './core-entities.js'

const customRules: ReadonlyMap<string, CustomRule> = new Map([
  ['tag', tagError],
  ['utf8_name', utf8NameError],
])

/**
 * The entities that foreign fields find. Each is compiled when a value first needs it.
 *
 * @param ownName name of the plugin schema. Kong keeps plugin schemas among its entities: this one replaces an entity of the same name, and
 * has no primary key.
 */
export function createEntityWorld(features: KongFeatures, ownName?: LuaValue): SchemaWorld {
  const found = new Map<string, RecordSchema | undefined>()
  const world: SchemaWorld = {
    features,
    customRules,
    hasEntity: (name) => name === ownName || isCoreEntity(name),
    findEntity: (name) => {
      if (!found.has(name)) found.set(name, makeEntity(name))
      return found.get(name)
    },
  }
  const compiler = new SchemaCompiler(world)
  const makeEntity = (name: string): RecordSchema | undefined => {
    if (name === ownName) return compiler.record(withoutFields())
    const entity = coreEntity(name)
    if (entity === undefined) return undefined
    const byProtocol = name === 'routes' ? compiler.record(withoutFields()) : undefined
    const routes = {
      subschemaKey: 'protocols',
      findSubschema: (key: string) => (PROTOCOLS.includes(key) ? byProtocol : undefined),
    }
    return compiler.record(entity.definition, { ...entity.extras, ...(name === 'routes' && routes) })
  }
  return world
}

function withoutFields(): LuaTable {
  return new LuaTable().set('fields', new LuaTable())
}

/** The error of a tag, which is printable ASCII without `,` and `/`, or other UTF-8. */
function tagError(value: LuaValue): string | undefined {
  const tag = fromLuaText(luaToString(value))
  return /^[ \u0021-\u002b\u002d\u002e\u0030-\u007e\u0080-\u{10ffff}]+$/u.test(tag)
    ? undefined
    : toLuaText(`invalid tag '${tag}': expected printable ascii (except \`,\` and \`/\`) or valid utf-8 sequences`)
}

/** The error of an entity's name, which is letters, digits and `. - _ ~` of ASCII, or other UTF-8. */
function utf8NameError(value: LuaValue): string | undefined {
  const name = fromLuaText(luaToString(value))
  return /^[\w.~\-\u0080-\u{10ffff}]+$/u.test(name)
    ? undefined
    : toLuaText(`invalid value '${name}': the only accepted ascii characters are alphanumerics or ., -, _, and ~`)
}
