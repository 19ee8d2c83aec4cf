/** A Lua `error(…)` inside Kong: the call that raised it is never answered. Caught where PDK calls are made, never seen by users. */
export class LuaError extends Error {
  override readonly name = 'LuaError'
}

/** Raises as Lua's `error` does. */
export function raise(message: string): never {
  throw new LuaError(message)
}
