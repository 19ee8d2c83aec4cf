import { type LuaKey, luaNumberText, LuaTable, type LuaValue, raise } from '@kong-ts/schema/lua'

/** Replaces every character that `unsafe` matches with its `%XX` form. @param unsafe global, matching one character at a time. */
export function percentEncode(text: string, unsafe: RegExp): string {
  return text.replace(unsafe, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

/** Decodes every `%XX`; a `%` without two digits stays. */
export function percentDecode(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Decodes `%XX` and `+` as nginx's argument reader does. */
export function decodeArg(text: string): string {
  return percentDecode(text.replaceAll('+', ' '))
}

/**
 * The arguments of a query or form: a text, `true` for a key without `=`, a list for a repeated key. Skips pieces without a key.
 *
 * @param limit the number of arguments that are read; 0 reads all.
 */
export function decodeArgs(text: string, limit: number): LuaTable {
  const args = new LuaTable()
  let count = 0
  for (const piece of text.split('&')) {
    if (limit > 0 && count >= limit) break
    const [rawKey, value] = splitArg(piece)
    const key = decodeArg(rawKey)
    if (key === '') continue
    addArg(args, key, value === undefined ? true : decodeArg(value))
    count++
  }
  return args
}

function splitArg(piece: string): readonly [key: string, value: string | undefined] {
  const at = piece.indexOf('=')
  return at < 0 ? [piece, undefined] : [piece.slice(0, at), piece.slice(at + 1)]
}

function addArg(args: LuaTable, key: string, value: string | true): void {
  const present = args.get(key)
  if (present === undefined) args.set(key, value)
  else if (present instanceof LuaTable) present.set(present.size + 1, value)
  else args.set(key, LuaTable.list([present, value]))
}

/** Writes a table as a query. The pieces are sorted by their encoded text. Raises for keys and values that a query cannot hold. */
export function encodeSortedArgs(table: LuaTable): string {
  return [...table]
    .map(([key, value]) => encodeMember(textKey(key), value))
    .sort(compareBytes)
    .join('&')
}

/** `k=v`; `k` for true; nothing for false; `k=a&k=b` for a list. */
function encodeMember(key: string, value: LuaValue): string {
  if (value instanceof LuaTable) {
    const pieces = [...value].map(([, item]) => encodeScalar(key, item)).filter((piece) => piece !== undefined)
    return pieces.join('&')
  }
  return encodeScalar(key, value) ?? ''
}

function encodeScalar(key: string, value: LuaValue): string | undefined {
  if (value === true) return encodeArg(key)
  if (value === false) return undefined
  if (typeof value === 'string') return `${encodeArg(key)}=${encodeArg(value)}`
  if (typeof value === 'number') return `${encodeArg(key)}=${encodeArg(luaNumberText(value))}`
  return raise(`attempt to use ${value instanceof LuaTable ? 'table' : 'userdata'} as query arg value`)
}

function encodeArg(text: string): string {
  return percentEncode(text, /[^A-Za-z0-9\-._~!'()*]/g)
}

function textKey(key: LuaKey): string {
  return typeof key === 'string' ? key : raise('arg keys must be strings')
}

/** Compares byte strings as Lua's `<` does in the C locale. */
export function compareBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** The query without one argument. Kong writes the other arguments anew, in the form encoding of the URL standard. */
export function withoutArg(query: string, name: string): string {
  return query
    .replace(/^\?/, '')
    .split('&')
    .filter((piece) => piece !== '')
    .map(splitArg)
    .map(([key, value]) => [decodeArg(key), decodeArg(value ?? '')])
    .filter(([key]) => key !== name)
    .map((pair) => pair.map(encodeFormText).join('='))
    .join('&')
}

function encodeFormText(text: string): string {
  return percentEncode(text, /[^A-Za-z0-9*\-._ ]/g).replaceAll(' ', '+')
}
