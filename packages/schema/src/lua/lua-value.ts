/**
 * A value as Kong's Lua side holds it. Text is a byte string: one character of the JavaScript string is one byte (latin1).
 * `undefined` is nil; `null` is cjson's null, a value of its own inside Kong that travels as nil.
 * A `Uint8Array` is the raw body form that travels as msgpack bin; nothing else does.
 */
export type LuaValue = undefined | null | boolean | number | string | Uint8Array | LuaTable

/** What a Lua table can be indexed with. */
export type LuaKey = boolean | number | string | LuaTable

/** A Lua table: keys of any kind in insertion order, never a nil value. */
export class LuaTable {
  private readonly entries = new Map<LuaKey, LuaValue>()

  /**
   * `array`: cjson's array metatable, an empty table then encodes as `[]` in JSON.
   * `map`: an empty multi-map, which travels as an empty map; every other empty table travels as an empty array.
   */
  constructor(readonly kind: 'plain' | 'array' | 'map' = 'plain') {}

  /** Builds a table with the keys 1..n. nil items leave holes. */
  static list(items: Iterable<LuaValue>, kind: 'plain' | 'array' = 'plain'): LuaTable {
    const table = new LuaTable(kind)
    let index = 0
    for (const item of items) table.set(++index, item)
    return table
  }

  /** Builds a table with text keys. nil members are left out. */
  static record(members: Iterable<readonly [string, LuaValue]>, kind: 'plain' | 'map' = 'plain'): LuaTable {
    const table = new LuaTable(kind)
    for (const [key, value] of members) table.set(key, value)
    return table
  }

  get size(): number {
    return this.entries.size
  }

  get(key: LuaKey): LuaValue {
    return this.entries.get(key)
  }

  /** Setting nil removes the key. */
  set(key: LuaKey, value: LuaValue): this {
    if (value === undefined) this.entries.delete(key)
    else this.entries.set(key, value)
    return this
  }

  [Symbol.iterator](): IterableIterator<[LuaKey, LuaValue]> {
    return this.entries[Symbol.iterator]()
  }

  /** The items 1, 2, 3 … up to the first hole, as Lua's ipairs gives them. */
  *items(): Generator<Exclude<LuaValue, undefined>> {
    for (let index = 1; ; index++) {
      const item = this.entries.get(index)
      if (item === undefined) return
      yield item
    }
  }

  /**
   * The items when the table travels as a msgpack array (keys exactly 1..n, or empty and no multi-map);
   * undefined when it travels as a map.
   */
  asArray(): Exclude<LuaValue, undefined>[] | undefined {
    if (this.size === 0 && this.kind === 'map') return undefined
    const items = [...this.items()]
    return items.length === this.size ? items : undefined
  }
}

/** Name of the value's type in Lua's words. */
export function luaType(value: LuaValue): 'nil' | 'userdata' | 'boolean' | 'number' | 'string' | 'table' {
  if (value === undefined) return 'nil'
  if (value === null) return 'userdata'
  if (value instanceof LuaTable) return 'table'
  if (value instanceof Uint8Array) return 'string'
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'number' ? 'number' : 'string'
}
