import { LuaRaise } from '../schema-values/lua-raise.js'
import { elementsOf, getKey, isTable, tableEntries, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'
import { resolveSchemaReference } from './json-schema-reference.js'

const SCHEMA_MAPS = ['properties', 'patternProperties', 'dependencies']
const SCHEMA_LISTS = ['allOf', 'anyOf', 'oneOf']

/** A table that is a schema rather than a list of names. */
const isSchema = (value: LuaValue | undefined): value is LuaTable => isTable(value) && elementsOf(value).length === 0

const innerSchemas = (schema: LuaTable): LuaTable[] => {
  const member = (keyword: string): LuaTable => {
    const value = getKey(schema, keyword)
    return isTable(value) ? value : {}
  }
  const items = elementsOf(member('items'))
  return [
    ...SCHEMA_MAPS.flatMap((keyword) => tableEntries(member(keyword)).map(([, inner]) => inner)),
    ...SCHEMA_LISTS.flatMap((keyword) => elementsOf(member(keyword))),
    ...(items.length > 0 ? [...items, getKey(schema, 'additionalItems')] : [getKey(schema, 'items')]),
    getKey(schema, 'additionalProperties'),
    getKey(schema, 'not'),
  ].filter(isSchema)
}

/**
 * Kong's library makes Lua code of a whole schema before it looks at a value. It raises then, whatever the value, on references that lead
 * nowhere, and on an `enum` in which something follows null.
 *
 * @throws LuaRaise for such schemas.
 */
export const assertCompilable = (schema: LuaTable, metaSchema: LuaTable): void => {
  const seen = new Set<LuaTable>()
  const visit = (given: LuaTable, givenRoot: LuaTable): void => {
    const { schema: resolved, root } = resolveSchemaReference(given, givenRoot, metaSchema)
    if (seen.has(resolved)) return
    seen.add(resolved)
    const values = getKey(resolved, 'enum')
    if (isTable(values) && elementsOf(values).slice(0, -1).includes(null)) throw new LuaRaise("')' expected near the value after null")
    for (const inner of innerSchemas(resolved)) visit(inner, root)
  }
  visit(schema, schema)
}
