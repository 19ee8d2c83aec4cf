/** Text of a number as Lua's `tostring` gives it (14 significant digits). */
export function luaNumberText(value: number): string {
  return formatNumber(value, 14)
}

/** A number as C's `%.<digits>g` prints it; `digits` is 1 or more. */
export function formatNumber(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  if (Number.isInteger(value) && Math.abs(value) < 10 ** Math.min(digits, 14)) return String(value)
  const [mantissa = '0', power = '0'] = roundToDigits(value, digits).split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= digits) {
    return `${trimZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent).toString().padStart(2, '0')}`
  }
  return trimZeros(shiftPoint(mantissa, exponent))
}

/** Exponential notation with so many digits. At a tie C takes the even digit, where JavaScript takes the larger number. */
function roundToDigits(value: number, digits: number): string {
  const exact = value.toExponential(digits + 20)
  const end = exact.indexOf('.') + digits
  const isTie = /^50+e/.test(exact.slice(end))
  const isEven = exact.charCodeAt(exact[end - 1] === '.' ? end - 2 : end - 1) % 2 === 0
  return isTie && isEven
    ? exact.slice(0, exact[end - 1] === '.' ? end - 1 : end) + exact.slice(exact.indexOf('e'))
    : value.toExponential(digits - 1)
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0*$/, '') : text
}

/** Plain notation of a mantissa such as `-1.25` with a small exponent. */
function shiftPoint(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const figures = mantissa.replace(/[-.]/g, '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${figures}`
  return `${sign}${figures.slice(0, exponent + 1)}.${figures.slice(exponent + 1)}`
}

const BLANKS = String.raw`[ \t\n\v\f\r]*`
const PREFIXED = String.raw`(0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)(?:p[+-]?\d+)?|0b[01]+)`
const DECIMAL = String.raw`((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)`
const NUMERAL = new RegExp(`^${BLANKS}([+-]?)(?:${PREFIXED}|${DECIMAL}|(inf(?:inity)?|nan))${BLANKS}$`, 'i')

/**
 * LuaJIT's `tonumber(text)`: decimal, hexadecimal (both with fraction and exponent) and binary numerals with blanks around.
 * undefined when the text is not a numeral.
 */
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
