// How Kong's Lua code sees the values that are sent to it.

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
