import type { LuaValue } from '../schema-values/lua-value.js'

/** What is wrong with a tag: printable ASCII without `,` and `/`, or other UTF-8. */
export const tagError = (value: LuaValue): string | undefined => {
  const tag = String(value)
  return /^[ \u0021-\u002b\u002d\u002e\u0030-\u007e\u0080-\u{10ffff}]+$/u.test(tag)
    ? undefined
    : `invalid tag '${tag}': expected printable ascii (except \`,\` and \`/\`) or valid utf-8 sequences`
}

/** What is wrong with the name of an entity: letters, digits and `. - _ ~` of ASCII, or other UTF-8. */
export const utf8NameError = (value: LuaValue): string | undefined => {
  const name = String(value)
  return /^[\w.~\-\u0080-\u{10ffff}]+$/u.test(name)
    ? undefined
    : `invalid value '${name}': the only accepted ascii characters are alphanumerics or ., -, _, and ~`
}
