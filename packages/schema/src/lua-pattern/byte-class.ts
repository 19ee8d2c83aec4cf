const isUpper = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a
const isLower = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39
const isAlpha = (byte: number): boolean => isUpper(byte) || isLower(byte)
const isGraph = (byte: number): boolean => byte > 0x20 && byte < 0x7f
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
const isHex = (byte: number): boolean => isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)

const classes: ReadonlyMap<number, (byte: number) => boolean> = new Map(
  Object.entries({
    a: isAlpha,
    c: (byte: number) => byte < 0x20 || byte === 0x7f,
    d: isDigit,
    g: isGraph,
    l: isLower,
    p: (byte: number) => isGraph(byte) && !isAlpha(byte) && !isDigit(byte),
    s: isSpace,
    u: isUpper,
    w: (byte: number) => isAlpha(byte) || isDigit(byte),
    x: isHex,
    z: (byte: number) => byte === 0,
  }).map(([letter, test]) => [letter.charCodeAt(0), test]),
)

/** Whether a byte belongs to the class that `%` and `letter` name. An upper-case letter negates, any other character means itself. */
export const isInByteClass = (byte: number, letter: number): boolean => {
  const test = classes.get(letter | 0x20)
  if (test === undefined || !isAlpha(letter)) return byte === letter
  return isLower(letter) ? test(byte) : !test(byte)
}

export { isDigit as isDigitByte }
