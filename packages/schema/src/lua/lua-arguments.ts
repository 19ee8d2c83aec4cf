import { LuaTable, type LuaValue } from './lua-table.js'

/**
 * Returns what remains of an argument list that contains nil. Kong's unpacker fills a fresh Lua table slot by slot and spreads it with
 * `unpack`, which ends at the border that LuaJIT finds in that table. So a hole can cut the list: `[a, nil, c]` becomes `a`, while
 * `[nil, b]` is kept. The sizes below follow LuaJIT's table: an array part that grows by powers of two, and a hash part for the rest.
 */
export function spreadArguments(list: readonly LuaValue[]): LuaValue[] {
  return list.slice(0, new GrowingTable(list).border())
}

/** The keys of a Lua table filled with `t[1] = …, t[2] = …` in order. */
class GrowingTable {
  #arraySize = 0
  #hashSize = 0
  readonly #present = new Set<number>()
  /** Keys that have a node in the hash part; a nil value has one too. */
  #hashKeys = new Set<number>()

  constructor(list: readonly LuaValue[]) {
    list.forEach((value, offset) => {
      const key = offset + 1
      if (key >= this.#arraySize) this.#insert(key)
      if (value !== undefined) this.#present.add(key)
    })
  }

  #insert(key: number): void {
    if (this.#hashKeys.size < this.#hashSize) {
      this.#hashKeys.add(key)
      return
    }
    this.#rehash(key)
    if (key >= this.#arraySize) this.#hashKeys.add(key)
  }

  #rehash(key: number): void {
    const keys = [...this.#present, key]
    const bins: number[] = []
    for (const each of keys) {
      const bin = each > 2 ? 31 - Math.clz32(each - 1) : 0
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    let size = 0
    let inArray = 0
    for (let bin = 0, sum = 0; 2 * keys.length > 2 ** bin && sum !== keys.length; bin++) {
      const count = bins[bin] ?? 0
      if (count === 0) continue
      sum += count
      if (2 * sum > 2 ** bin) {
        size = 2 ** (bin + 1) + 1
        inArray = sum
      }
    }
    const inHash = keys.length - inArray
    this.#arraySize = size
    this.#hashSize = inHash === 0 ? 0 : inHash === 1 ? 2 : 2 ** (32 - Math.clz32(inHash - 1))
    this.#hashKeys = new Set([...this.#present].filter((each) => each >= size))
  }

  border(): number {
    let high = Math.max(0, this.#arraySize - 1)
    if (high > 0 && !this.#present.has(high)) {
      let low = 0
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if (this.#present.has(middle)) low = middle
        else high = middle
      }
      return low
    }
    return this.#hashSize > 0 ? this.#borderInHash(high) : high
  }

  #borderInHash(start: number): number {
    let low = start
    let high = start + 1
    while (this.#present.has(high)) {
      low = high
      high *= 2
    }
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#present.has(middle)) low = middle
      else high = middle
    }
    return low
  }
}

/** The arguments of a call whose `Args` is not an array: a scalar is the only argument; of a map, only the keys 1, 2 … count. */
export function argumentsOf(args: LuaValue): LuaValue[] {
  if (!(args instanceof LuaTable)) return args === undefined ? [] : [args]
  return [...args.items()]
}
