import { LuaRaise } from '../schema-values/lua-raise.js'
import type { LuaKey } from '../schema-values/lua-value.js'
import { luaTypeName } from '../schema-values/lua-text.js'
import type { JsonValue } from '../language/kong-schema.js'

/** What Kong says about a value: a text, a table of texts by key, or null where a schema's `err` is null. */
export type ErrorNode = string | null | ErrorTable
export type ErrorTable = Map<LuaKey, ErrorNode>

/** A failed check. Kong's code now and then fails without saying anything; then there is no `error`. */
export interface Failure {
  readonly error: ErrorNode | undefined
}

/** Key under which errors of entity checks are listed. */
export const ENTITY = '@entity'

export const addEntityError = (errors: ErrorTable, error: ErrorNode): void => {
  const list = errors.get(ENTITY)
  if (list instanceof Map) list.set(list.size + 1, error)
  else errors.set(ENTITY, new Map([[1, error]]))
}

/** Puts an error at a dotted path, tables in between included. */
export const setErrorAt = (errors: ErrorTable, path: string, error: ErrorNode): void => {
  let table = errors
  const names = path.split('.')
  const last = names.pop() ?? path
  for (const name of names) {
    const next = table.get(name)
    if (next !== undefined && !(next instanceof Map)) throw new LuaRaise(`attempt to index local 'tbl' (a ${luaTypeName(next)} value)`)
    const inner: ErrorTable = next ?? new Map<LuaKey, ErrorNode>()
    table.set(name, inner)
    table = inner
  }
  table.set(last, error)
}

/** The error as the Admin API's JSON shows it: lists with null for elements without an error, trailing good elements cut. */
export const errorToJson = (error: ErrorNode): JsonValue => {
  if (!(error instanceof Map)) return error
  const keys = [...error.keys()]
  if (keys.length > 0 && keys.every((key) => typeof key === 'number')) {
    return Array.from({ length: Math.max(...keys) }, (_, index) => errorToJson(error.get(index + 1) ?? null))
  }
  return Object.fromEntries([...error].map(([key, node]) => [String(key), errorToJson(node)]))
}

/** A path and what Kong says there. */
export interface ErrorAtPath {
  readonly path: string
  readonly text: string
}

/** Every text of an error table with its path: `config.rules[2].name`. */
export const flattenErrors = (error: ErrorNode, path = ''): ErrorAtPath[] => {
  if (!(error instanceof Map)) return [{ path, text: error ?? 'refused without a text, because `err` is null in the schema' }]
  if (error.size === 0) return [{ path, text: 'refused without a text' }]
  return [...error].flatMap(([key, node]) =>
    flattenErrors(node, typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
  )
}
