import { LuaError } from './lua-error.js'
import { formatNumber, luaToNumber } from './lua-number.js'
import { luaType, type LuaValue } from './lua-table.js'

/** `%d` of a number: LuaJIT cuts the fraction off, and what does not fit 64 bits becomes the smallest integer. */
export function formatInteger(value: LuaValue): string {
  const number = typeof value === 'string' ? luaToNumber(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) {
    throw new LuaError(`bad argument #1 to 'format' (number expected, got ${luaType(value)})`)
  }
  const cut = Math.trunc(number)
  return Math.abs(cut) < 2 ** 63 ? BigInt(cut).toString() : '-9223372036854775808'
}

/**
 * Lua's `template:format(text)` with one string argument, for error texts that a schema brings itself.
 *
 * @throws LuaError for directives that Lua does not know and for a second one, which has no argument.
 */
export function formatWithOneArgument(template: string, text: string): string {
  let used = 0
  const take = (): string => {
    used++
    if (used > 1) throw new LuaError(`bad argument #${used} to 'format' (no value)`)
    return text
  }
  return template.replaceAll(
    /%(?:%|([-+ #0]*)(\d{0,2})(?:\.(\d{0,2}))?([\s\S]?))/g,
    (whole, flags: string, width: string, precision: string | undefined, kind: string) => {
      if (whole === '%%') return '%'
      if (kind === 's') return pad(precision === undefined ? take() : take().slice(0, Number(precision)), flags, width)
      if (kind === 'q') return `"${take().replaceAll(/["\\\n]/g, '\\$&')}"`
      if (kind === 'd' || kind === 'i' || kind === 'u') return pad(formatInteger(take()), flags, width)
      if (kind !== '' && 'cxXoeEfgGaA'.includes(kind)) {
        const number = luaToNumber(take())
        if (number === undefined) throw new LuaError("bad argument #1 to 'format' (number expected, got string)")
        return pad(formatNumber(number, 6), flags, width)
      }
      throw new LuaError(`invalid option '${whole}' to 'format'`)
    },
  )
}

function pad(text: string, flags: string, width: string): string {
  return flags.includes('-') ? text.padEnd(Number(width)) : text.padStart(Number(width))
}
