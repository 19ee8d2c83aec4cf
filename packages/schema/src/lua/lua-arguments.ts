import { LuaTable, type LuaValue } from './lua-value.js'

/**
 * What remains of an argument list that contains nil. Kong's unpacker fills a fresh Lua table slot by slot and spreads it with `unpack`, whose
 * end is the border LuaJIT finds in that table, so a hole can cut the list: `[a, nil, c]` becomes `a`, while `[nil, b]` is kept.
 * The sizes below follow LuaJIT's table: an array part grown by powers of two, a hash part for what does not fit.
 */
export function spreadArguments(list: readonly LuaValue[]): LuaValue[] {
  return list.slice(0, new GrowingTable(list).border())
}

/** The keys of a Lua table filled with `t[1] = …, t[2] = …` in order. */
class GrowingTable {
  private arraySize = 0
  private hashSize = 0
  private readonly present = new Set<number>()
  /** Keys that have a node in the hash part; a nil value has one too. */
  private hashKeys = new Set<number>()

  constructor(list: readonly LuaValue[]) {
    list.forEach((value, offset) => {
      const key = offset + 1
      if (key >= this.arraySize) this.insert(key)
      if (value !== undefined) this.present.add(key)
    })
  }

  private insert(key: number): void {
    if (this.hashKeys.size < this.hashSize) {
      this.hashKeys.add(key)
      return
    }
    this.rehash(key)
    if (key >= this.arraySize) this.hashKeys.add(key)
  }

  private rehash(key: number): void {
    const keys = [...this.present, key]
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
    this.arraySize = size
    this.hashSize = inHash === 0 ? 0 : inHash === 1 ? 2 : 2 ** (32 - Math.clz32(inHash - 1))
    this.hashKeys = new Set([...this.present].filter((each) => each >= size))
  }

  border(): number {
    let high = Math.max(0, this.arraySize - 1)
    if (high > 0 && !this.present.has(high)) {
      let low = 0
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if (this.present.has(middle)) low = middle
        else high = middle
      }
      return low
    }
    return this.hashSize > 0 ? this.borderInHash(high) : high
  }

  private borderInHash(start: number): number {
    let low = start
    let high = start + 1
    while (this.present.has(high)) {
      low = high
      high *= 2
    }
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.present.has(middle)) low = middle
      else high = middle
    }
    return low
  }
}

/** The arguments of a call whose `Args` is not an array: a scalar is the single argument, a map has no arguments (but those under 1, 2 …). */
export function argumentsOf(args: LuaValue): LuaValue[] {
  if (!(args instanceof LuaTable)) return args === undefined ? [] : [args]
  return [...args.items()]
}
