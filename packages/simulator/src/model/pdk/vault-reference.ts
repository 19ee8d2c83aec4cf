import { decodeArg, decodeArgs, percentDecode } from '../http/url-encoding.js'
import { luaToNumber } from '../lua/lua-number.js'
import type { LuaTable, LuaValue } from '../lua/lua-value.js'

const DEFAULT_MAX_ARGS = 100

/** The parts of a reference to a secret. */
export interface VaultReference {
  /** The name of a kind of vault, or the prefix of a vault entity. */
  readonly name: string
  readonly resource: string
  /** The member of the secret's JSON document. */
  readonly key: string | undefined
  readonly config: LuaTable | undefined
  readonly version: number | undefined
}

/** True for `{vault://…}`. */
export function isVaultReference(value: LuaValue): value is string {
  return typeof value === 'string' && value.startsWith('{vault://') && value.endsWith('}')
}

/** Parses `{vault://name/resource/key?config#version}`. A resource can have several parts. A slash at the end means that there is no key. */
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
  return { name, resource: parts.join('/'), key, config: query === '' ? undefined : decodeArgs(query, DEFAULT_MAX_ARGS), version }
}

/** The host of a URL, without user and port. */
function hostOf(authority: string): string {
  const host = authority.replace(/^[^@]*@/, '').replace(/:[^:\]]*$/, '')
  return /^\[(.+)\]$/.exec(host)?.[1] ?? host
}

/** Kong decodes the parts of a path twice. */
function unescapeTwice(part: string): string {
  return decodeArg(percentDecode(part))
}
