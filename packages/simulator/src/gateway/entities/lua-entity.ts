import { decodeJson, LuaTable, toLuaText } from '@kong-ts/schema/lua'
import { type KongEntity } from '../../model/index.js'
import type { JsonRecord } from '../json-record.js'

/** The fields of an entity as Kong's Lua code holds them: texts as bytes, empty lists as lists. */
export function luaEntity(fields: JsonRecord): KongEntity {
  const decoded = decodeJson(toLuaText(JSON.stringify(fields)))?.value
  if (!(decoded instanceof LuaTable)) throw new TypeError('an entity is a map of JSON values')
  return decoded
}
