import { types } from 'node:util'

// Arguments of PDK calls: how Kong's Lua code sees the values that are sent to it, and which values have no form in Lua.

/** Lua has one nil where JavaScript has `undefined` and `null`. */
export function isNil(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

/** In Lua only nil and false are false. Where Kong sets a default with `or`, false means the default too. */
export function isFalsy(value: unknown): value is undefined | null | false {
  return isNil(value) || value === false
}

/** A Lua string: text or bytes. */
export function isText(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array
}

/** A Lua table: any object but bytes. */
export function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
}

/** A Lua string as text in which each byte is one character. Use it only to compare with ASCII names: bytes beyond 256 are cut off. */
export function asciiOf(value: string | Uint8Array): string {
  return typeof value === 'string' ? value : String.fromCharCode(...value.subarray(0, 256))
}

/**
 * Pads arguments so that Kong gets all of them.
 *
 * Kong spreads the array with Lua's `unpack`, which may stop at a nil: `[204, nil, headers]` arrives as `204` alone. This function removes
 * nils at the end. When a nil is left in the middle of three or more arguments, it appends as many `false` as there are arguments before
 * the last one. More than half of the array is then filled, and LuaJIT finds its end behind the last argument wherever the nils are. Kong
 * ignores the additional arguments.
 */
export function packArguments(args: readonly unknown[]): readonly unknown[] {
  let length = args.length
  while (length > 0 && isNil(args[length - 1])) length--
  const packed: unknown[] = args.length === length ? [...args] : args.slice(0, length)
  if (length > 2 && packed.some(isNil)) for (let n = 1; n < length; n++) packed.push(false)
  return packed
}

/**
 * How many arrays and objects may stand inside each other. Far more than data needs, and few enough to find a value that contains itself.
 */
const MAX_DEPTH = 64
const TOO_DEEP = `contains itself, or is more than ${MAX_DEPTH} levels deep: pass only the part that is needed`

/** Classes of JavaScript whose content is not in members, so that Kong would get an empty table, with what to pass instead. */
const REMEDIES: Readonly<Record<string, string>> = {
  Date: 'pass date.toISOString() or date.getTime()',
  FormData: 'pass Object.fromEntries(form)',
  Headers: 'pass Object.fromEntries(headers)',
  RegExp: 'pass regexp.source',
  URL: 'pass String(url)',
  URLSearchParams: 'pass Object.fromEntries(params) or String(params)',
}

/**
 * Tells why a value cannot be an argument of a PDK call, `undefined` when it can.
 *
 * An argument is plain data: strings, numbers, booleans, `undefined` and `null` for nil, `Uint8Array` for bytes, arrays and sets, plain
 * objects and maps with text keys, and these inside each other up to 64 levels. Nothing else has a form in Lua. The result follows the
 * name of the argument in a message: `is a promise: did you forget await?`.
 */
export function unsendable(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return undefined
    case 'object':
      return value === null ? undefined : unsendableObject(value)
    default:
      return `is ${withoutLuaForm(value)}`
  }
}

/** An object made with `{}`, also in another realm, or a table that came from Kong. */
export function isPlainObject(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

/**
 * Names an object whose content is not in its members, such as a promise or a `URL`, and tells what to pass instead; `undefined` for all
 * others. Neither Lua nor JSON would get that content.
 */
export function hiddenContent(value: object): string | undefined {
  if (types.isPromise(value) || ('then' in value && typeof value.then === 'function')) return 'a promise: did you forget await?'
  if (value instanceof Error || types.isNativeError(value)) return 'an Error: pass error.message'
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return 'binary data: pass it as Uint8Array'
  const name = classOf(value)
  const remedy = REMEDIES[name]
  return remedy === undefined ? undefined : `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}: ${remedy}`
}

/** Names a function, a symbol or a bigint, and tells what to pass instead. */
export function withoutLuaForm(value: unknown): string {
  if (typeof value === 'function') return 'a function: did you forget to call it?'
  if (typeof value === 'bigint') return 'a bigint: pass Number(value) or String(value)'
  return `a ${typeof value}: pass a string`
}

function unsendableObject(value: object): string | undefined {
  const path: string[] = []
  try {
    const reason = walk(value, path, 0)
    if (reason === undefined || reason === TOO_DEEP) return reason
    return path.length === 0 ? `is ${reason}` : `has a member ${nameOf(path)} that is ${reason}`
  } catch {
    return 'cannot be read: a getter or a proxy in it threw an error'
  }
}

/**
 * Walks depth first and stops at the first problem, so that a value that contains itself costs one descent. Fills `path` on its way out.
 */
function walk(value: object, path: string[], depth: number): string | undefined {
  if (value instanceof Uint8Array) return undefined
  if (depth >= MAX_DEPTH) return TOO_DEEP
  if (Array.isArray(value)) return walkList(value, path, depth)
  if (value instanceof Set) return walkList(Array.from(value), path, depth)
  if (value instanceof Map) return walkMap(value, path, depth)
  if (!isPlainObject(value)) {
    return hiddenContent(value) ?? `an object of class ${classOf(value)}: pass a plain object, such as { ...object }`
  }
  for (const key of Object.keys(value)) {
    const reason = walkMember((value as Readonly<Record<string, unknown>>)[key], key, path, depth)
    if (reason !== undefined) return reason
  }
  return undefined
}

function walkList(list: readonly unknown[], path: string[], depth: number): string | undefined {
  for (let index = 0; index < list.length; index++) {
    const reason = walkMember(list[index], index, path, depth)
    if (reason !== undefined) return reason
  }
  return undefined
}

function walkMap(map: ReadonlyMap<unknown, unknown>, path: string[], depth: number): string | undefined {
  for (const [key, member] of map) {
    if (typeof key !== 'string' && typeof key !== 'number') return 'a Map with a key that is neither a string nor a number'
    const reason = walkMember(member, key, path, depth)
    if (reason !== undefined) return reason
  }
  return undefined
}

function walkMember(member: unknown, key: string | number, path: string[], depth: number): string | undefined {
  if (typeof member === 'string' || typeof member === 'number' || typeof member === 'boolean') return undefined
  if (member === undefined || member === null) return undefined
  const reason = typeof member === 'object' ? walk(member, path, depth + 1) : withoutLuaForm(member)
  if (reason !== undefined && reason !== TOO_DEEP) path.push(String(key))
  return reason
}

/** The way to a member, from the outside to the inside. */
function nameOf(path: readonly string[]): string {
  return JSON.stringify(path.toReversed().join('.').slice(0, 80))
}

function classOf(value: object): string {
  const { constructor } = value
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'unknown'
}
