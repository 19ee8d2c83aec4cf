import { LuaTable } from '@kong-ts/schema/lua'

/** The texts of a list in a plugin's configuration. Empty when the list is not set. @param path the names that lead to it. */
export function texts(config: LuaTable, ...path: readonly string[]): string[] {
  let node: LuaTable = config
  for (const name of path) {
    const member = node.get(name)
    if (!(member instanceof LuaTable)) return []
    node = member
  }
  return [...node.items()].filter((item) => typeof item === 'string')
}

/** Splits `name:value` at the first colon. */
export function nameAndValue(pair: string): readonly [string, string] {
  const at = pair.indexOf(':')
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
}
