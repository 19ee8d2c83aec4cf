import { randomInt } from 'node:crypto'
import { raise, luaToString, luaType, type LuaTable } from '@kong-ts/schema/lua'
import { compareBytes } from '../http/query-args.js'

/**
 * A table as multipart form: text parts sorted by name. The boundary comes from the content type; when there is none, or a value
 * contains it, it is made up.
 */
export function encodeMultipart(table: LuaTable, contentType: string): { readonly body: string; readonly contentType: string } {
  const parts = [...table].map(([key, value]) => {
    if (typeof key !== 'string') raise(`invalid key "${luaToString(key)}": got ${luaType(key)}, expected string`)
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      raise(`invalid value "${luaToString(key)}": got ${luaType(value)}, expected string, number or boolean`)
    }
    return { name: luaToString(key), value }
  })
  const boundary = chooseBoundary(
    givenBoundary(contentType),
    parts.map(({ value }) => luaToString(value)),
  )
  // A boolean passes the check above, but Kong's buffer cannot take it.
  if (parts.some(({ value }) => typeof value === 'boolean'))
    raise("bad argument #1 to 'put' (string/number/__tostring expected, got boolean)")
  const sections = parts
    .sort((left, right) => compareBytes(left.name, right.name))
    .map(({ name, value }) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${luaToString(value)}\r\n`)
  return { body: `${sections.join('')}--${boundary}--\r\n`, contentType: `multipart/form-data; boundary=${boundary}` }
}

function givenBoundary(contentType: string): string | undefined {
  const at = contentType.indexOf('boundary=')
  if (at < 0) return undefined
  const rest = contentType.slice(at + 9)
  if (!rest.startsWith('"')) return rest
  const end = rest.indexOf('"', 1)
  return end < 0 ? raise("attempt to perform arithmetic on local 'till' (a nil value)") : rest.slice(1, end)
}

function chooseBoundary(given: string | undefined, values: readonly string[]): string {
  for (let boundary = given; ; boundary = String(randomInt(1_000_000_000, 10_000_000_000))) {
    if (boundary !== undefined && !values.some((value) => value.includes(`\n--${boundary}`))) return boundary
  }
}
