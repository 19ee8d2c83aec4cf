const isDate = (text: string): boolean => {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (found === null) return false
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  if (day > 31 || month > 12) return false
  if (month === 2) return day <= (isLeapYear(year) ? 29 : 28)
  return day <= ([4, 6, 9, 11].includes(month) ? 30 : 31)
}

const isLeapYear = (year: number): boolean => year % 400 === 0 || (year % 100 !== 0 && year % 4 === 0)

const isTime = (text: string): boolean => {
  const found = /^(\d\d):([0-5]\d):([\d.]+)([Zz+-])([\s\S]*)$/.exec(text)
  if (found === null) return false
  const [, hour, , seconds, sign, rest] = found
  if (Number(hour) > 23 || !(Number(seconds) <= 60)) return false
  if (sign === 'Z' || sign === 'z') return /[Zz]$/.test(text)
  const offset = /^(\d\d):([0-5]\d)$/.exec(rest ?? '')
  return offset !== null && Number(offset[1]) <= 23
}

/** What a text breaks of JSON schema's `format`; only date, time and date-time are looked at. */
export const dateFormatError = (format: string, text: string, quote: (text: string) => string): string | undefined => {
  const wrong = `expected valid "${format}", got ${quote(text)}`
  if (format === 'time') return isTime(text) ? undefined : wrong
  if (format !== 'date' && format !== 'date-time') return undefined
  const split = /^([\s\S]+)[tT]([\s\S]+)$/.exec(text)
  if (format === 'date-time' && split === null) return wrong
  const date = format === 'date' ? text : (split?.[1] ?? '')
  if (!isDate(date)) {
    const isLate = /^\d{4}-02-(3[01])$/.test(date) && isLeapYear(Number(date.slice(0, 4)))
    return isLate ? `expected valid leap year date, got ${quote(text)}` : wrong
  }
  return format === 'date' || isTime(split?.[2] ?? '') ? undefined : wrong
}
