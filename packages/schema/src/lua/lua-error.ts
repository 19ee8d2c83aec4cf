/**
 * A Lua `error(…)` inside Kong. During a PDK call Kong's answer never comes; while a configuration is validated the Admin API answers 500.
 * Whoever runs Kong's code in JavaScript catches it; users of kong-ts never see it.
 */
export class LuaError extends Error {
  override readonly name = 'LuaError'
}

/** Raises as Lua's `error` does. */
export function raise(message: string): never {
  throw new LuaError(message)
}
