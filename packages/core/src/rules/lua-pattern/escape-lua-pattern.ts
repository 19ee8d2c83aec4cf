/**
 * A text as a Lua pattern that matches just it.
 *
 * @returns `undefined` for a text with a NUL, at which Lua's patterns end.
 */
export function escapeLuaPattern(text: string): string | undefined {
  return text.includes('\0') ? undefined : text.replaceAll(/[\^$()%.[\]*+?-]/g, '%$&')
}
