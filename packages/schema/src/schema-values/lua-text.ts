import { LuaRaise } from './lua-raise.js'
import { isTable, type LuaValue } from './lua-value.js'

const encoder = new TextEncoder()

/** Length of a string as Lua counts it: in UTF-8 bytes. */
export const byteLength = (text: string): number => {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return encoder.encode(text).length
  return text.length
}

/** Lua's name of a value's type, for error texts. */
export const luaTypeName = (value: LuaValue | undefined): string => {
  if (value === undefined) return 'nil'
  if (value === null) return 'userdata'
  return isTable(value) ? 'table' : typeof value
}

/** A number as C's `%.<digits>g` prints it. */
export const formatNumber = (value: number, digits: number): string => {
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  if (Number.isNaN(value)) return 'nan'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  if (Number.isInteger(value) && Math.abs(value) < 10 ** Math.min(digits, 14)) return String(value)
  const [mantissa = '0', power = '0'] = roundToDigits(value, digits).split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= digits) {
    const size = Math.abs(exponent)
    return `${trimZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${size < 10 ? `0${size}` : size}`
  }
  return trimZeros(shiftPoint(mantissa, exponent))
}

/** Exponential notation with so many digits. C rounds a tie to the even digit, where JavaScript takes the larger number. */
const roundToDigits = (value: number, digits: number): string => {
  const exact = value.toExponential(digits + 20)
  const end = exact.indexOf('.') + digits
  const isTie = /^50+e/.test(exact.slice(end))
  const isEven = (exact.codePointAt(end - 1) ?? 0) % 2 === 0
  return isTie && isEven ? exact.slice(0, end) + exact.slice(exact.indexOf('e')) : value.toExponential(digits - 1)
}

const trimZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0*$/, '') : text)

/** Plain notation of a mantissa such as `-1.25` and a small exponent. */
const shiftPoint = (mantissa: string, exponent: number): string => {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const figures = mantissa.replace(/[-.]/g, '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${figures}`
  return `${sign}${figures.slice(0, exponent + 1)}.${figures.slice(exponent + 1)}`
}

/** Lua's `tostring`. Addresses cannot be told, so tables print as `table: 0xADDR`. */
export const luaToString = (value: LuaValue | undefined): string => {
  if (value === undefined) return 'nil'
  if (value === null) return 'userdata: NULL'
  if (typeof value === 'number') return formatNumber(value, 14)
  return isTable(value) ? 'table: 0xADDR' : String(value)
}

/** `%d` of a number: LuaJIT cuts the fraction off, and what does not fit 64 bits becomes the smallest integer. */
export const formatInteger = (value: LuaValue | undefined): string => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) {
    throw new LuaRaise(`bad argument #1 to 'format' (number expected, got ${luaTypeName(value)})`)
  }
  const cut = Math.trunc(number)
  return Math.abs(cut) < 2 ** 63 ? BigInt(cut).toString() : '-9223372036854775808'
}

/** `template:format(text)` with one string argument, for error texts that a schema brings itself. */
export const formatWithOneArgument = (template: string, text: string): string => {
  let used = 0
  const take = (): string => {
    used++
    if (used > 1) throw new LuaRaise(`bad argument #${used} to 'format' (no value)`)
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
        const number = Number(take())
        if (Number.isNaN(number)) throw new LuaRaise("bad argument #1 to 'format' (number expected, got string)")
        return pad(formatNumber(number, 6), flags, width)
      }
      throw new LuaRaise(`invalid option '${whole}' to 'format'`)
    },
  )
}

const pad = (text: string, flags: string, width: string): string =>
  flags.includes('-') ? text.padEnd(Number(width)) : text.padStart(Number(width))

/** Words in single quotes, inner lists in brackets. */
export const quotedList = (words: readonly (LuaValue | undefined)[]): string =>
  words.map((word) => (Array.isArray(word) ? `(${quotedList(word)})` : isTable(word) ? '()' : `'${luaToString(word)}'`)).join(', ')
