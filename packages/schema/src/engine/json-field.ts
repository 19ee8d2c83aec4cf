import { JSON_SCHEMA_DRAFT_4, validateJson } from '../json-schema/validate-json.js'
import { LuaError } from '../lua/lua-error.js'
import { isTable, isTruthy, luaType, type LuaTable, type LuaValue } from '../lua/lua-table.js'
import { luaToString } from '../lua/lua-text.js'
import type { Doubt, Failure } from './kong-errors.js'
import type { Field } from './schema-model.js'

/** Validates a field of type json against the schema that it or a named sibling gives. */
export function validateJsonField(field: Field, name: string, value: LuaValue, input: LuaTable): Failure | Doubt | undefined {
  const found = findJsonSchema(field, name, input)
  if (found === undefined) return undefined
  if ('error' in found) return { error: found.error }
  const { schema } = found
  if (!isTable(schema)) throw new LuaError('assertion failed!')
  const error = draftError(schema, value) ?? validateJson(schema, value)
  return typeof error === 'string' ? { error } : error
}

function findJsonSchema(field: Field, name: string, input: LuaTable): { schema: LuaValue } | { error: string } | undefined {
  const source = field.attributes.get('json_schema')
  if (!isTable(source)) throw new LuaError(`attempt to index local 'json_schema' (a ${luaType(source)} value)`)
  const inline = source.get('inline')
  if (inline !== undefined && inline !== false) return { schema: inline }
  const parent = source.get('parent_subschema_key')
  const key = typeof parent === 'string' ? input.get(parent) : undefined
  const isOptional = isTruthy(source.get('optional'))
  if (key === undefined || key === false) {
    if (isOptional) return undefined
    return { error: `validation of ${name} depends on the parent attribute ${luaToString(parent)}, but it is not set` }
  }
  if (typeof key !== 'string' && typeof key !== 'number') {
    throw new LuaError(`attempt to concatenate local 'subschema_key' (a ${luaType(key)} value)`)
  }
  const namespace = source.get('namespace')
  if (typeof namespace !== 'string') throw new LuaError(`attempt to concatenate field 'namespace' (a ${luaType(namespace)} value)`)
  const fallback = source.get('default')
  if (fallback !== undefined && fallback !== false) return { schema: fallback }
  return isOptional ? undefined : { error: `mandatory json schema for field (${namespace}/${luaToString(key)}) not found` }
}

/** A schema that says it is the draft-4 meta schema refuses documents that name another draft. */
export function draftError(schema: LuaTable, value: LuaValue): string | undefined {
  const id = schema.get('id')
  if (!isDraft4(isTruthy(id) ? id : schema.get('$id'))) return undefined
  if (typeof value === 'string') return undefined
  if (!isTable(value)) throw new LuaError(`attempt to index local 'input' (a ${luaType(value)} value)`)
  const named = value.get('$schema')
  if (typeof named !== 'string' || isDraft4(named)) return undefined
  return `unsupported document $schema: '${named}', expected: ${JSON_SCHEMA_DRAFT_4}`
}

function isDraft4(id: LuaValue): boolean {
  return id === JSON_SCHEMA_DRAFT_4 || `${luaToString(id)}#` === JSON_SCHEMA_DRAFT_4
}
