import type { KongFeatures } from '../versions/kong-version.js'
import { isTable, LuaTable, type LuaKey } from '../lua/lua-table.js'
import { isVaultReference } from '../lua/vault-reference.js'
import type { Field, NamedField } from './schema-model.js'

/** The secret behind a `{vault://…}` reference, or undefined when there is none. Both are Lua text. */
export type ResolveReference = (reference: string) => string | undefined

/**
 * Replaces the references in a record's string fields, and one level below in its lists and maps, by their secrets.
 *
 * @returns what Kong puts under `$refs`: the references by field, or undefined when there are none.
 */
export function replaceReferences(
  fields: readonly NamedField[],
  data: LuaTable,
  resolve: ResolveReference,
  features: KongFeatures,
): LuaTable | undefined {
  if (!fields.some(({ field }) => canHoldReferences(field))) return undefined
  const earlier = data.get('$refs')
  let refs: LuaTable | undefined
  const collect = (name: string, found: string | LuaTable | undefined): void => {
    const value = found ?? (isTable(earlier) ? earlier.get(name) : undefined)
    if (value === undefined || value === false) return
    refs ??= new LuaTable()
    refs.set(name, value)
  }
  for (const { name, field } of fields) {
    if (!canHoldReferences(field)) continue
    const value = data.get(name)
    if (field.type === 'string') {
      collect(name, isVaultReference(value) ? value : undefined)
      if (isVaultReference(value)) data.set(name, secretOf(value, resolve, features))
    } else if (isTable(value)) {
      collect(name, field.type === 'map' && !features.refs ? undefined : memberReferences(value, resolve, features))
    }
  }
  return refs
}

function canHoldReferences(field: Field): boolean {
  if (field.type === 'string') return isReferenceable(field)
  if (field.type === 'array' || field.type === 'set') return isReferenceable(field.elements)
  return field.type === 'map' && isReferenceable(field.values)
}

function isReferenceable(field: Field | undefined): boolean {
  return field !== undefined && field.type === 'string' && field.isReferenceable
}

function secretOf(reference: string, resolve: ResolveReference, features: KongFeatures): string | undefined {
  return resolve(reference) ?? (features.refs ? '' : undefined)
}

function memberReferences(table: LuaTable, resolve: ResolveReference, features: KongFeatures): LuaTable | undefined {
  const found = table.entries().filter((entry): entry is [LuaKey, string] => isVaultReference(entry[1]))
  if (found.length === 0) return undefined
  const refs = new LuaTable()
  for (const [key, reference] of found) {
    refs.set(key, reference)
    table.set(key, secretOf(reference, resolve, features))
  }
  return refs
}
