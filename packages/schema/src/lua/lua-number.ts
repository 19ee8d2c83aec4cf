/** Text of a number as Lua's `tostring` gives it (14 significant digits). */
export function luaNumberText(value: number): string {
  return formatSignificant(value, 14)
}

/** C's `%.<digits>g`. */
export function formatSignificant(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', exponentText = '0'] = value.toExponential(digits - 1).split('e')
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= digits) {
    const size = Math.abs(exponent).toString().padStart(2, '0')
    return `${trimZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${size}`
  }
  return trimZeros(value.toFixed(Math.max(0, digits - 1 - exponent)))
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

const BLANKS = String.raw`[ \t\n\v\f\r]*`
const PREFIXED = String.raw`(0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)(?:p[+-]?\d+)?|0b[01]+)`
const DECIMAL = String.raw`((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)`
const NUMERAL = new RegExp(`^${BLANKS}([+-]?)(?:${PREFIXED}|${DECIMAL}|(inf(?:inity)?|nan))${BLANKS}$`, 'i')

/** LuaJIT's `tonumber(text)`: decimal, hexadecimal (both with fraction and exponent), binary, surrounding blanks; undefined when it is none. */
export function luaToNumber(text: string | undefined): number | undefined {
  const match = NUMERAL.exec(text ?? '')
  if (!match) return undefined
  const sign = match[1] === '-' ? -1 : 1
  if (match[4] !== undefined) return match[4].toLowerCase() === 'nan' ? Number.NaN : sign * Infinity
  const [, , prefixed] = match
  if (prefixed !== undefined) return sign * (/^0x/i.test(prefixed) ? hexadecimal(prefixed.slice(2)) : Number(prefixed))
  return sign * Number(match[3])
}

function hexadecimal(text: string): number {
  const [digits = '', exponent = '0'] = text.split(/p/i)
  const [whole = '', fraction = ''] = digits.split('.')
  return Number(`0x0${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length)
}
