/**
 * A value as Kong's Lua code holds it. Text is a byte string: each character of the JavaScript string is one byte (latin1);
 * `toLuaText` and `fromLuaText` convert. `undefined` is nil; `null` is cjson's and nginx's null, a value of its own inside Kong.
 * A `Uint8Array` is a raw body, the only value that travels as msgpack bin.
 */
export type LuaValue = undefined | null | boolean | number | string | Uint8Array | LuaTable

/** What a Lua table can be indexed with. */
export type LuaKey = boolean | number | string | LuaTable

/** Shared by all tables without a list part; the first item replaces it. */
const NO_ITEMS: LuaValue[] = []

/** A Lua table. It never holds nil: setting nil removes the key. Iteration gives the keys 1, 2, 3 … first, then the others as they came. */
export class LuaTable {
  /** Values of the keys 1, 2, 3 …; a hole is undefined, and the last one is never a hole. */
  #items: LuaValue[] = NO_ITEMS
  #holes = 0
  #members: Map<LuaKey, LuaValue> | undefined

  /**
   * `array`: with cjson's array metatable, so that an empty table is `[]` in JSON.
   * `map`: an empty multi-map, which travels as an empty map; every other empty table travels as an empty array.
   */
  constructor(readonly kind: 'plain' | 'array' | 'map' = 'plain') {}

  /** Builds a table with the keys 1..n. nil items leave holes. */
  static list(items: Iterable<LuaValue>, kind: 'plain' | 'array' = 'plain'): LuaTable {
    const table = new LuaTable(kind)
    table.#items = [...items]
    for (const item of table.#items) if (item === undefined) table.#holes++
    table.#trim()
    return table
  }

  /** Builds a table with text keys. nil members are left out. */
  static record(members: Iterable<readonly [string, LuaValue]>, kind: 'plain' | 'map' = 'plain'): LuaTable {
    const table = new LuaTable(kind)
    for (const [key, value] of members) table.set(key, value)
    return table
  }

  /** How many keys the table has, of any kind. */
  get size(): number {
    return this.#items.length - this.#holes + (this.#members?.size ?? 0)
  }

  /** Whether the keys are exactly 1..n. An empty table is a sequence too. */
  get isSequence(): boolean {
    return this.#holes === 0 && (this.#members === undefined || this.#members.size === 0)
  }

  /** The values of the keys 1, 2, 3 … with undefined for holes. A view: it changes with the table. */
  get elements(): readonly LuaValue[] {
    return this.#items
  }

  get(key: LuaKey): LuaValue {
    if (typeof key === 'number' && key >= 1 && key <= this.#items.length) {
      const item = this.#items[key - 1]
      if (item !== undefined) return item
    }
    return this.#members?.get(key)
  }

  /** Setting nil removes the key. */
  set(key: LuaKey, value: LuaValue): this {
    if (typeof key === 'number' && key >= 1 && key <= this.#items.length + 1 && Number.isInteger(key)) this.#setItem(key - 1, value)
    else if (value === undefined) this.#members?.delete(key)
    else (this.#members ??= new Map()).set(key, value)
    return this
  }

  #setItem(index: number, value: LuaValue): void {
    const items = this.#items
    if (index === items.length) {
      if (value === undefined) return
      if (items === NO_ITEMS) this.#items = [value]
      else items.push(value)
      this.#takeFollowing()
      return
    }
    this.#holes += (value === undefined ? 1 : 0) - (items[index] === undefined ? 1 : 0)
    items[index] = value
    this.#trim()
  }

  /** Keys that follow the items directly become items. */
  #takeFollowing(): void {
    if (this.#members === undefined) return
    for (let key = this.#items.length + 1; ; key++) {
      const following = this.#members.get(key)
      if (following === undefined) return
      this.#members.delete(key)
      this.#items.push(following)
    }
  }

  #trim(): void {
    while (this.#items.length > 0 && this.#items.at(-1) === undefined) {
      this.#items.pop()
      this.#holes--
    }
  }

  *[Symbol.iterator](): Generator<[LuaKey, LuaValue]> {
    for (let index = 0; index < this.#items.length; index++) {
      const item = this.#items[index]
      if (item !== undefined) yield [index + 1, item]
    }
    if (this.#members !== undefined) yield* this.#members
  }

  /** Calls `visit` for every key, in the order of iteration. Faster than iterating. The callback must not add or remove keys. */
  forEach(visit: (value: LuaValue, key: LuaKey) => void): void {
    for (let index = 0; index < this.#items.length; index++) {
      const item = this.#items[index]
      if (item !== undefined) visit(item, index + 1)
    }
    this.#members?.forEach(visit)
  }

  /** Every key and value, in the order of iteration. */
  entries(): [LuaKey, LuaValue][] {
    const members: [LuaKey, LuaValue][] = this.#members === undefined ? [] : [...this.#members]
    if (this.#items.length === 0) return members
    const items = this.#items.map((item, index): [LuaKey, LuaValue] => [index + 1, item])
    return (this.#holes === 0 ? items : items.filter(([, item]) => item !== undefined)).concat(members)
  }

  /** The items 1, 2, 3 … up to the first hole, as Lua's ipairs gives them. */
  *items(): Generator<Exclude<LuaValue, undefined>> {
    for (const item of this.#items) {
      if (item === undefined) return
      yield item
    }
  }

  /**
   * The items when the table travels as a msgpack array (a sequence, but not an empty multi-map);
   * undefined when it travels as a map.
   */
  asArray(): Exclude<LuaValue, undefined>[] | undefined {
    return this.isSequence && !(this.size === 0 && this.kind === 'map') ? [...this.items()] : undefined
  }

  /** A table of the same kind with the same keys and values. */
  copy(): LuaTable {
    const copy = new LuaTable(this.kind)
    if (this.#items.length > 0) copy.#items = [...this.#items]
    copy.#holes = this.#holes
    if (this.#members !== undefined) copy.#members = new Map(this.#members)
    return copy
  }

  /** A copy whose tables are copies too. */
  deepCopy(): LuaTable {
    const copy = new LuaTable(this.kind)
    if (this.#items.length > 0) copy.#items = this.#items.map(deepCopyOf)
    copy.#holes = this.#holes
    if (this.#members !== undefined) {
      const members = new Map<LuaKey, LuaValue>()
      this.#members.forEach((member, key) => members.set(key, deepCopyOf(member)))
      copy.#members = members
    }
    return copy
  }
}

function deepCopyOf(value: LuaValue): LuaValue {
  return value instanceof LuaTable ? value.deepCopy() : value
}

export function isTable(value: LuaValue): value is LuaTable {
  return value instanceof LuaTable
}

/** The member of a table; nil for every other value. */
export function memberOf(value: LuaValue, key: LuaKey): LuaValue {
  return value instanceof LuaTable ? value.get(key) : undefined
}

/** The list part of a table; empty for every other value. */
export function elementsOf(value: LuaValue): readonly LuaValue[] {
  return value instanceof LuaTable ? value.elements : []
}

/** Lua's truth: everything but nil and false, null included. */
export function isTruthy(value: LuaValue): boolean {
  return value !== undefined && value !== false
}

/** Name of the value's type in Lua's words. */
export function luaType(value: LuaValue): 'nil' | 'userdata' | 'boolean' | 'number' | 'string' | 'table' {
  if (value === undefined) return 'nil'
  if (value === null) return 'userdata'
  if (value instanceof LuaTable) return 'table'
  if (value instanceof Uint8Array) return 'string'
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'number' ? 'number' : 'string'
}
