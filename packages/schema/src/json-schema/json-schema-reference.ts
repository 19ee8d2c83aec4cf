import { LuaRaise } from '../schema-values/lua-raise.js'
import { getKey, isTable, tableEntries, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'

export const JSON_SCHEMA_DRAFT_4 = 'http://json-schema.org/draft-04/schema#'

const unescapePart = (part: string): string => {
  const decoded = part.replaceAll(/%([\da-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return decoded.replaceAll(/~[01]/g, (escape) => (escape === '~0' ? '~' : '/'))
}

const step = (value: LuaValue | undefined, part: string): LuaValue | undefined => {
  if (!isTable(value)) return undefined
  if (Array.isArray(value)) return /^\d+$/.test(part) ? value[Number(part)] : undefined
  return getKey(value, unescapePart(part))
}

/** The schema inside `root` that calls itself `id`. */
const findById = (root: LuaTable, id: string): LuaTable | undefined => {
  for (const [, value] of tableEntries(root)) {
    if (!isTable(value)) continue
    const found = getKey(value, 'id') === id ? value : findById(value, id)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Follows `$ref` from a schema to the schema it means, inside the same document or in the draft-4 meta schema.
 *
 * @throws LuaRaise for references that Kong cannot follow either, since it fetches nothing.
 */
export const resolveSchemaReference = (schema: LuaTable, root: LuaTable, metaSchema: LuaTable): { schema: LuaTable; root: LuaTable } => {
  let current = { schema, root }
  for (let hops = 0; hops < 100; hops++) {
    const reference = getKey(current.schema, '$ref')
    if (reference === undefined || reference === false) return current
    if (typeof reference !== 'string') throw new LuaRaise('attempt to index a reference that is no string')
    current = follow(reference, current.root, metaSchema)
  }
  throw new LuaRaise(`reference that leads to itself: ${String(getKey(schema, '$ref'))}`)
}

const follow = (reference: string, root: LuaTable, metaSchema: LuaTable): { schema: LuaTable; root: LuaTable } => {
  const [address = '', fragment = ''] = reference.split('#', 2)
  const own = getKey(root, 'id')
  const isOwn = address === '' || (typeof own === 'string' && own.split('#')[0] === address)
  if (!isOwn && `${address}#` !== JSON_SCHEMA_DRAFT_4) throw new LuaRaise(`an external resolver is required to fetch ${address}`)
  const target = isOwn ? root : metaSchema
  if (fragment === '') return { schema: target, root: target }
  const byId = findById(target, `#${fragment}`)
  if (byId !== undefined) return { schema: byId, root: target }
  let found: LuaValue | undefined = target
  for (const part of fragment.split('/')) if (part !== '') found = step(found, part)
  if (!isTable(found)) throw new LuaRaise(`reference not found: ${reference}`)
  return { schema: found, root: target }
}
