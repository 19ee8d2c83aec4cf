import { luaToNumber } from './lua-number.js'
import type { LuaValue } from './lua-table.js'

/** A reference to a secret, taken apart. */
export interface VaultReference {
  /** Name of a kind of vault, or prefix of a vault entity. */
  readonly name: string
  readonly resource: string
  /** Member of the secret's JSON document. */
  readonly key: string | undefined
  /** Configuration of the vault as a query string, not yet decoded; "" when there is none. */
  readonly query: string
  readonly version: number | undefined
}

/** Whether Kong takes a value for a reference to a secret: anything between `{vault://` and `}`. */
export function isVaultReference(value: LuaValue): value is string {
  return typeof value === 'string' && value.startsWith('{vault://') && value.endsWith('}')
}

/**
 * Takes `{vault://name/resource/key?config#version}` apart. A resource may have several parts; a slash at the end says that there is no key.
 * undefined when the value is not a reference that Kong can follow.
 */
export function parseVaultReference(value: LuaValue): VaultReference | undefined {
  if (!isVaultReference(value)) return undefined
  const match = /^([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/.exec(value.slice('{vault://'.length, -1))
  const [, authority = '', pathAndParameters = '', query = '', fragment] = match ?? []
  const name = hostOf(authority)
  const path = (pathAndParameters.split(';', 1)[0] ?? '').slice(1)
  const version = fragment === undefined ? undefined : luaToNumber(fragment)
  if (name === '' || path === '' || (fragment !== undefined && version === undefined)) return undefined
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(unescapeTwice)
  if (parts.length === 0) return undefined
  const key = parts.length > 1 && !path.endsWith('/') ? parts.pop() : undefined
  return { name, resource: parts.join('/'), key, query, version }
}

/** A URL's host, without user and port. */
function hostOf(authority: string): string {
  const host = authority.replace(/^[^@]*@/, '').replace(/:[^:\]]*$/, '')
  return /^\[(.+)\]$/.exec(host)?.[1] ?? host
}

/** Kong decodes each part of a path twice: as a part of a URL, then as an argument of a query, where `+` is a blank. */
function unescapeTwice(part: string): string {
  return decodePercent(decodePercent(part).replaceAll('+', ' '))
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
