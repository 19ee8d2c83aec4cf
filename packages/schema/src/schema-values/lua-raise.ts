/**
 * A Lua error inside Kong's schema code, which Kong does not catch: the Admin API answers 500.
 * It never leaves the schema folder; the public functions turn it into a crash outcome.
 */
export class LuaRaise extends Error {
  constructor(text: string) {
    super(text)
    this.name = 'LuaRaise'
  }
}

/** Raises in an expression position. */
export const raise = (text: string): never => {
  throw new LuaRaise(text)
}
