/** A Lua table with text keys. It has no prototype, so `__proto__` and `constructor` are keys like any other. */
export type KongTable = Record<string, unknown>

interface KongTableConstructor {
  new (): KongTable
  prototype: object
}

/** V8 keeps the objects of a constructor fast; `Object.create(null)` would make slow ones. */
function Table() {}
Table.prototype = Object.create(null) as object

export const KongTable = Table as unknown as KongTableConstructor

/**
 * Tells whether an object keeps its content elsewhere than in its members: a promise that was not awaited, or binary data other than
 * `Uint8Array`. Kong would get an empty table in its place, or a table of numbers.
 */
export function hasHiddenContent(value: object): boolean {
  return value instanceof Promise || ArrayBuffer.isView(value) || value instanceof ArrayBuffer
}
