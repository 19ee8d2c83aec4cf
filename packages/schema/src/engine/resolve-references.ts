import type { KongTraits } from '../versions/kong-traits.js'
import { elementsOf, getKey, isRecord, isTable, setKey, type LuaArray, type LuaRecord } from '../schema-values/lua-value.js'
import type { Field, NamedField } from './schema-model.js'
import { isVaultReference } from './vault-reference.js'

/** The secret behind a `{vault://…}` reference, or undefined when there is none. */
export type ResolveReference = (reference: string) => string | undefined

/**
 * Replaces the references in a record's string fields, and one level below in its lists and maps.
 *
 * @returns what Kong puts under `$refs`: the references by field, or undefined when there are none.
 */
export const collectReferences = (
  fields: readonly NamedField[],
  data: LuaRecord,
  resolve: ResolveReference,
  traits: KongTraits,
): LuaRecord | undefined => {
  if (!fields.some(({ field }) => canHoldReferences(field))) return undefined
  const earlier = getKey(data, '$refs')
  let refs: LuaRecord | undefined
  const collect = (name: string, found: string | LuaArray | LuaRecord | undefined): void => {
    const previous = earlier !== undefined && isTable(earlier) ? getKey(earlier, name) : undefined
    const value = found ?? previous
    if (value === undefined || value === false) return
    refs ??= {}
    setKey(refs, name, value)
  }
  for (const { name, field } of fields) {
    if (!canHoldReferences(field)) continue
    const value = getKey(data, name)
    if (field.type === 'string') {
      collect(name, isVaultReference(value) ? value : undefined)
      if (isVaultReference(value)) setKey(data, name, secret(value, resolve, traits))
    } else if (isTable(value)) {
      collect(name, field.type === 'map' ? mapReferences(value, resolve, traits) : listReferences(elementsOf(value), resolve, traits))
    }
  }
  return refs
}

const canHoldReferences = (field: Field): boolean => {
  if (field.type === 'string') return isReferenceable(field)
  if (field.type === 'array' || field.type === 'set') return isReferenceable(field.elements)
  return field.type === 'map' && isReferenceable(field.values)
}

const isReferenceable = (field: Field | undefined): boolean => field !== undefined && field.type === 'string' && field.isReferenceable

const secret = (reference: string, resolve: ResolveReference, traits: KongTraits): string | undefined =>
  resolve(reference) ?? (traits.refs ? '' : undefined)

const listReferences = (list: LuaArray, resolve: ResolveReference, traits: KongTraits): LuaArray | undefined => {
  let refs: LuaArray | undefined
  for (const [index, value] of list.entries()) {
    if (!isVaultReference(value)) continue
    refs ??= []
    while (refs.length < index) refs.push(undefined)
    refs[index] = value
    list[index] = secret(value, resolve, traits)
  }
  return refs
}

const mapReferences = (map: LuaArray | LuaRecord, resolve: ResolveReference, traits: KongTraits): LuaRecord | LuaArray | undefined => {
  if (!traits.refs) return undefined
  if (!isRecord(map)) return listReferences(map, resolve, traits)
  let refs: LuaRecord | undefined
  for (const [key, value] of Object.entries(map)) {
    if (!isVaultReference(value)) continue
    refs ??= {}
    setKey(refs, key, value)
    setKey(map, key, secret(value, resolve, traits))
  }
  return refs
}
