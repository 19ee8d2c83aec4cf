/**
 * Brings arguments into the form in which Kong gets all of them.
 *
 * Kong spreads the array with `unpack`, so what counts is where LuaJIT sees its end, and a nil inside can end it early:
 * `[204, nil, headers]` arrives as `204` alone. Nils at the end are cut off; with a nil in the middle of three or more arguments, as many
 * `false` are appended as there are arguments before the last. More than half of the array is then filled, and its end is found
 * behind the last argument whatever the pattern of nils. Kong ignores arguments it does not know.
 */
export function packArguments(args: readonly unknown[]): readonly unknown[] {
  let length = args.length
  while (length > 0 && isNil(args[length - 1])) length--
  const packed: unknown[] = args.length === length ? [...args] : args.slice(0, length)
  if (length > 2 && packed.some(isNil)) for (let n = 1; n < length; n++) packed.push(false)
  return packed
}

/** Lua's nil is one nothing where JavaScript has two. */
export function isNil(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

/** In Lua only nil and false are false: where Kong puts a default in with `or`, false is as good as nothing. */
export function isFalsy(value: unknown): value is undefined | null | false {
  return isNil(value) || value === false
}
