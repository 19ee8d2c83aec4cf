import { JSON_SCHEMA_DRAFT_4, validateJson } from '../json-schema/validate-json.js'
import { LuaRaise } from '../schema-values/lua-raise.js'
import { luaToString, luaTypeName } from '../schema-values/lua-text.js'
import { getKey, isTable, isTruthy, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'
import type { Failure } from './error-table.js'
import type { Field } from './schema-model.js'

/** Validates a field of type json against the schema that it or a named sibling gives. */
export const validateJsonField = (field: Field, name: string, value: LuaValue, input: LuaTable): Failure | undefined => {
  const found = findJsonSchema(field, name, input)
  if (found === undefined) return undefined
  if ('error' in found) return { error: found.error }
  const { schema } = found
  if (!isTable(schema)) throw new LuaRaise('assertion failed!')
  const error = checkDraft(schema, value) ?? validateJson(schema, value)
  return error === undefined ? undefined : { error }
}

const findJsonSchema = (field: Field, name: string, input: LuaTable): { schema: LuaValue } | { error: string } | undefined => {
  const source = getKey(field.attributes, 'json_schema')
  if (!isTable(source)) throw new LuaRaise(`attempt to index local 'json_schema' (a ${luaTypeName(source)} value)`)
  const inline = getKey(source, 'inline')
  if (inline !== undefined && inline !== false) return { schema: inline }
  const parent = getKey(source, 'parent_subschema_key')
  const key = typeof parent === 'string' ? getKey(input, parent) : undefined
  const isOptional = isTruthy(getKey(source, 'optional'))
  if (key === undefined || key === false) {
    if (isOptional) return undefined
    return { error: `validation of ${name} depends on the parent attribute ${luaToString(parent)}, but it is not set` }
  }
  if (typeof key !== 'string' && typeof key !== 'number') {
    throw new LuaRaise(`attempt to concatenate local 'subschema_key' (a ${luaTypeName(key)} value)`)
  }
  const namespace = getKey(source, 'namespace')
  if (typeof namespace !== 'string') throw new LuaRaise(`attempt to concatenate field 'namespace' (a ${luaTypeName(namespace)} value)`)
  const fallback = getKey(source, 'default')
  if (fallback !== undefined && fallback !== false) return { schema: fallback }
  return isOptional ? undefined : { error: `mandatory json schema for field (${namespace}/${luaToString(key)}) not found` }
}

const isDraft4 = (id: LuaValue | undefined): boolean => id === JSON_SCHEMA_DRAFT_4 || `${String(id)}#` === JSON_SCHEMA_DRAFT_4

/** A schema that says it is the draft-4 meta schema refuses documents that name another draft. */
export const checkDraft = (schema: LuaTable, value: LuaValue): string | undefined => {
  const id = getKey(schema, 'id')
  if (!isDraft4(isTruthy(id) ? id : getKey(schema, '$id'))) return undefined
  if (typeof value === 'string') return undefined
  if (!isTable(value)) throw new LuaRaise(`attempt to index local 'input' (a ${luaTypeName(value)} value)`)
  const named = getKey(value, '$schema')
  if (typeof named !== 'string' || isDraft4(named)) return undefined
  return `unsupported document $schema: '${named}', expected: ${JSON_SCHEMA_DRAFT_4}`
}
