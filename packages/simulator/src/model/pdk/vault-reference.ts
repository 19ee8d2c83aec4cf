import { luaToNumber, type LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { decodeArg, decodeArgs } from '../http/query-args.js'

const DEFAULT_MAX_ARGS = 100

/** A reference to a secret, taken apart. */
export interface VaultReference {
  /** Name of a kind of vault, or prefix of a vault entity. */
  readonly name: string
  readonly resource: string
  /** Member of the secret's JSON document. */
  readonly key: string | undefined
  readonly config: LuaTable | undefined
  readonly version: number | undefined
}

/** True for `{vault://…}`. */
export function isVaultReference(value: LuaValue): value is string {
  return typeof value === 'string' && value.startsWith('{vault://') && value.endsWith('}')
}

/** `{vault://name/resource/key?config#version}`: a resource may have several parts, a slash at the end says that there is no key. */
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

/** A URL's host, without user and port. */
function hostOf(authority: string): string {
  const host = authority.replace(/^[^@]*@/, '').replace(/:[^:\]]*$/, '')
  return /^\[(.+)\]$/.exec(host)?.[1] ?? host
}

/** Kong decodes the parts of a path one time more than there is need for. */
function unescapeTwice(part: string): string {
  return decodeArg(part.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))))
}
