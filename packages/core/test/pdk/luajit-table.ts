/**
 * The array that LuaJIT makes of received arguments, as far as it decides where the array ends: which slots its array part has, what lies
 * in the hash part, and what the length operator finds. Checked in nil-holes.test.ts against what a real Kong made of holes.
 */
export class LuajitTable {
  #array: (boolean | undefined)[] = []
  #hash = new Map<number, boolean>()
  #hashSize = 0

  /** Sets element `key`, counted from 1; `present` tells whether it is something else than nil. */
  set(key: number, present: boolean): void {
    if (key < this.#array.length) {
      this.#array[key] = present
    } else {
      if (!this.#hash.has(key) && (this.#hashSize === 0 || this.#hash.size >= this.#hashSize)) this.#grow(key)
      if (key < this.#array.length) this.#array[key] = present
      else this.#hash.set(key, present)
    }
  }

  get length(): number {
    const last = this.#array.length - 1
    if (last > 0 && this.#array[last] !== true) return this.#search(0, last)
    if (this.#hashSize === 0) return Math.max(last, 0)
    let low = Math.max(last, 0)
    let high = low + 1
    while (this.#has(high)) [low, high] = [high, high * 2]
    return this.#search(low, high)
  }

  #has(key: number): boolean {
    return (key < this.#array.length ? this.#array[key] : this.#hash.get(key)) === true
  }

  #search(low: number, high: number): number {
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#has(middle)) low = middle
      else high = middle
    }
    return low
  }

  /** The array part becomes the largest power of two of which more than half is in use; the new key counts, whatever its value. */
  #grow(key: number): void {
    const used = [key]
    for (const [index, present] of this.#array.entries()) if (present === true) used.push(index)
    for (const [index, present] of this.#hash) if (present) used.push(index)
    let size = 0
    let inArray = 0
    for (let power = 1; used.length * 2 > power; power *= 2) {
      const fitting = used.filter((index) => index <= power * 2).length
      const newHere = used.some((index) => index <= power * 2 && (power === 1 || index > power))
      if (newHere && fitting * 2 > power) [size, inArray] = [power * 2 + 1, fitting]
      if (fitting === used.length) break
    }
    const old = [...this.#array.entries(), ...this.#hash]
    const inHash = used.length - inArray
    this.#array = Array.from({ length: size }, () => undefined)
    this.#hash = new Map()
    this.#hashSize = inHash === 0 ? 0 : Math.max(2, 2 ** Math.ceil(Math.log2(inHash)))
    for (const [index, present] of old) {
      if (index < size) this.#array[index] = present
      else if (present === true) this.#hash.set(index, true)
    }
  }
}

/** How many of the arguments Kong passes on. */
export function argumentsKongSees(args: readonly unknown[]): number {
  const table = new LuajitTable()
  for (const [index, value] of args.entries()) table.set(index + 1, value !== undefined && value !== null)
  return table.length
}
