import { LuaTable, luaNumberText, raise, type LuaKey, type LuaValue } from '@kong-ts/schema/lua'

/** Decodes `%XX` and `+` as nginx's argument reader does; a `%` without two digits stays. */
export function decodeArg(text: string): string {
  return text.replace(/\+|%([0-9a-fA-F]{2})/g, (match, hex: string | undefined) =>
    hex === undefined ? (match === '+' ? ' ' : match) : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/**
 * Arguments of a query or form: text, true for a bare key, a list for a repeated one. Pieces without a key are skipped;
 * `limit` counts arguments (0 = no limit).
 */
export function decodeArgs(text: string, limit: number): LuaTable {
  const args = new LuaTable()
  let count = 0
  for (const piece of text.split('&')) {
    if (limit > 0 && count >= limit) break
    const at = piece.indexOf('=')
    const key = decodeArg(at < 0 ? piece : piece.slice(0, at))
    if (key === '') continue
    addArg(args, key, at < 0 ? true : decodeArg(piece.slice(at + 1)))
    count++
  }
  return args
}

function addArg(args: LuaTable, key: string, value: string | true): void {
  const present = args.get(key)
  if (present === undefined) args.set(key, value)
  else if (present instanceof LuaTable) present.set(present.size + 1, value)
  else args.set(key, LuaTable.list([present, value]))
}

/** Percent-encodes an argument's key or value: everything but letters, digits, and `-._~!'()*`. */
export function encodeArg(text: string): string {
  return text.replace(/[^A-Za-z0-9\-._~!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

/** One member of a table as query text: `k=v`, a bare `k` for true, nothing for false, `k=a&k=b` for a list. Raises on other values. */
export function encodeMember(key: string, value: LuaValue): string {
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

/** A table as a query: one piece per member, sorted as finished text. */
export function encodeSortedArgs(table: LuaTable): string {
  return [...table]
    .map(([key, value]) => encodeMember(textKey(key), value))
    .sort(compareBytes)
    .join('&')
}

function textKey(key: LuaKey): string {
  return typeof key === 'string' ? key : raise('arg keys must be strings')
}

/** Order of byte strings as Lua's `<` has it in the C locale. */
export function compareBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** The query without an argument, all the rest written anew as the URL standard writes a form. */
export function withoutArg(query: string, name: string): string {
  return query
    .replace(/^\?/, '')
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const at = piece.indexOf('=')
      return at < 0 ? [decodeArg(piece), ''] : [decodeArg(piece.slice(0, at)), decodeArg(piece.slice(at + 1))]
    })
    .filter(([key]) => key !== name)
    .map((pair) => pair.map(encodeFormText).join('='))
    .join('&')
}

function encodeFormText(text: string): string {
  const percent = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return text.replace(/[^A-Za-z0-9*\-._]/g, (char) => (char === ' ' ? '+' : percent(char)))
}
