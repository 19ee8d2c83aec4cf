/** A Lua table with text keys. No prototype stands behind it, so `__proto__` and `constructor` are keys like any other. */
export type KongTable = Record<string, unknown>

interface KongTableConstructor {
  new (): KongTable
  prototype: object
}

/** Objects made by a constructor stay fast where `Object.create(null)` would make slow ones. */
function Table() {}
Table.prototype = Object.create(null) as object

export const KongTable = Table as unknown as KongTableConstructor
