import type { FieldAttributes } from './field-attributes.js'
import { escapeLuaPattern, regexpToLuaPattern } from './lua-pattern/regexp-to-lua-pattern.js'
import { LATE, atLeast, exactly, ruleOption, type RuleRow, type Translation } from './rule-row.js'

/** Most bytes of one character as class-validator counts: 4 of a surrogate pair, and 3 of a variation selector, which it does not count. */
const BYTES_PER_CHARACTER = 7

/** Lua's named classes cover ASCII only, as do the regular expressions of class-validator that are translated here. */
const ASCII = '[%z\u0001-\u007f]'
const NOT_ASCII = '[^%z\u0001-\u007f]'
const HEXADECIMAL: FieldAttributes = { match_any: { patterns: ['^%x+$', '^0[xXhH]%x+$'] } }

/** Number of hexadecimal digits of each hash that class-validator knows. */
const HASH_DIGITS: Readonly<Record<string, number>> = {
  md5: 32,
  md4: 32,
  sha1: 40,
  sha256: 64,
  sha384: 96,
  sha512: 128,
  ripemd128: 32,
  ripemd160: 40,
  tiger128: 32,
  tiger160: 40,
  tiger192: 48,
  crc32: 8,
  crc32b: 8,
}

/** Rules that Kong can express, at least in part. `len_min: 0` stands where the rule accepts `""`, which Kong refuses by default. */
const TRANSLATED_RULES: readonly RuleRow[] = [
  text('isString', 'type `string`, `len_min` 0', 'never', () => exactly({ len_min: 0 })),
  text('minLength', '`len_min`, in bytes', 'above 1', ([min]) => length(min, undefined)),
  text('maxLength', '`len_max` of 7 bytes a character', 'always', ([max]) => length(0, max)),
  text('isLength', '`len_min` in bytes, `len_max` of 7 bytes a character', 'but for a least length up to 1 alone', ([min, max]) =>
    length(min, max),
  ),
  text('isByteLength', '`len_min`, `len_max`', 'never', ([min, max]) => byteLength(min, max)),
  text('contains', '`match` of the text', 'never', ([seed]) => seedText(seed, (pattern) => ({ match: pattern, len_min: 1 }))),
  text('notContains', '`not_match` of the text', 'never', ([seed]) => seedText(seed, (pattern) => ({ not_match: pattern, len_min: 0 }))),
  text('matches', '`match` of the same in a Lua pattern', 'where no Lua pattern means exactly the same', ([pattern, modifiers]) =>
    matches(pattern, modifiers),
  ),
  text('isAlpha', '`match`', 'with other locales than en-US', ([locale]) => englishOnly(locale, '^%a+$')),
  text('isAlphanumeric', '`match`', 'with other locales than en-US', ([locale]) => englishOnly(locale, '^%w+$')),
  text('isAscii', '`match`', 'never', () => exactly({ match: `^${ASCII}+$` })),
  text('isMultibyte', '`match`', 'never', () => exactly({ match: NOT_ASCII })),
  text('isFullWidth', '`len_min` 1', 'always', () => atLeast({ len_min: 1 })),
  text('isHalfWidth', '`len_min` 1', 'always', () => atLeast({ len_min: 1 })),
  text('isVariableWidth', '`len_min` 1', 'always', () => atLeast({ len_min: 1 })),
  text('isSurrogatePair', '`match` of what is not ASCII', 'always', () => atLeast({ match: NOT_ASCII })),
  text('isLowercase', '`not_match` of A-Z', 'always', () => atLeast({ not_match: '%u', len_min: 0 })),
  text('isUppercase', '`not_match` of a-z', 'always', () => atLeast({ not_match: '%l', len_min: 0 })),
  text('isHexadecimal', '`match_any`', 'never', () => exactly(HEXADECIMAL)),
  text('isMongoId', '`match_any`, `len_eq` 24', 'never', () => exactly({ ...HEXADECIMAL, len_eq: 24 })),
  text('isHexColor', '`match_any`', 'never', () =>
    exactly({ match_any: { patterns: [3, 4, 6, 8].map((digits) => `^#?${'%x'.repeat(digits)}$`) } }),
  ),
  text('isHash', '`match`, `len_eq`', 'never', ([algorithm]) => hash(algorithm)),
  text('isOctal', '`match_any`', 'never', () => exactly({ match_any: { patterns: ['^[0-7]+$', '^0[oO][0-7]+$'] } })),
  text('isBase32', '`match`', 'always', () => atLeast({ match: '^[A-Z2-7]+=*$' })),
  text('isBase58', '`match`', 'never', () => exactly({ match: '^[A-HJ-NP-Za-km-z1-9]*$', len_min: 0 })),
  text('isBase64', '`match`', 'always', () => atLeast({ match: '^[%w+/_%-]*=?=?$', len_min: 0 })),
  text('isBooleanString', '`one_of`', 'never', () => exactly({ one_of: ['true', 'false', '1', '0'] })),
  text('isNumberString', '`match_any`', 'with a locale', ([options]) => numberText(options)),
  text('isDecimal', '`match_any`, `not_one_of` a bare sign', 'with options', ([options]) => decimalText(options)),
  text('isPort', '`match`, `len_max` 6', 'always', () => atLeast({ match: '^[+-]?%d+$', len_max: 6 })),
  text('isMilitaryTime', '`match_any`', 'never', () => exactly({ match_any: { patterns: ['^[01]%d:?[0-5]%d$', '^2[0-3]:?[0-5]%d$'] } })),
  text('IsFirebasePushId', '`match`, `len_eq` 20', 'never', () => exactly({ match: '^[%w_%-]*$', len_eq: 20 })),
  text('isEthereumAddress', '`match`, `len_eq` 42', 'never', () => exactly({ match: '^0[xX]%x+$', len_eq: 42 })),
  text('isUuid', '`uuid`', 'unless the version is loose', ([version]) =>
    version === 'loose' ? exactly({ uuid: true }) : atLeast({ uuid: true }),
  ),
  text('isJwt', '`match`', 'never', () => exactly({ match: '^[%w_%-]*%.[%w_%-]*%.[%w_%-]*$' })),
  text('isEmail', '`match` of an @', 'always', () => atLeast({ match: '@' })),
  text('isIp', '`match` of four numbers for version 4, else of a dot or colon', 'always', ([version]) =>
    atLeast({ match: String(version) === '4' ? '^%d+%.%d+%.%d+%.%d+$' : '[.:]' }),
  ),
  text('isMacAddress', '`match` of two hexadecimal digits', 'always', () => atLeast({ match: '^%x%x' })),
  text('isLatLong', '`match` of a comma', 'always', () => atLeast({ match: ',' })),
  text('isDateString', '`match` of four digits', 'always', () => atLeast({ match: '^[+-]?%d%d%d%d' })),
  text('isIso8601', '`match` of four digits', 'always', () => atLeast({ match: '^[+-]?%d%d%d%d' })),
  text('isRFC3339', '`match` of four digits', 'always', () => atLeast({ match: '^%d%d%d%d' })),
  text('isSemVer', '`match` of three numbers', 'always', () => atLeast({ match: '^%d+%.%d+%.%d+' })),
  text('isMimeType', '`match` of a slash', 'always', () => atLeast({ match: '/' })),
  text('isDataURI', '`match`', 'always', () => atLeast({ match: 'data:[^,]*,' })),
  text('isMagnetURI', '`starts_with`', 'always', () => atLeast({ starts_with: 'magnet:?' })),
]

/** Rules of which Kong can express only that the value is text. */
const LATE_RULES = [
  'isBIC',
  'isBtcAddress',
  'isCreditCard',
  'isCurrency',
  'isEAN',
  'isFqdn',
  'isHSL',
  'isIBAN',
  'isISO31661Alpha2',
  'isISO31661Alpha3',
  'isISO31661Numeric',
  'isISO4217CurrencyCode',
  'isISO6391',
  'isISRC',
  'isISSN',
  'isIdentityCard',
  'isIsbn',
  'isIsin',
  'isJson',
  'isLocale',
  'isMobilePhone',
  'isPassportNumber',
  'isPhoneNumber',
  'isPostalCode',
  'isRgbColor',
  'isStrongPassword',
  'isTaxId',
  'isTimeZone',
  'isUrl',
]

/** Rules for text. */
export const TEXT_RULES: readonly RuleRow[] = [
  ...TRANSLATED_RULES,
  ...LATE_RULES.map((rule) => text(rule, 'type `string`', 'always', () => LATE)),
]

function text(rule: string, kong: string, late: RuleRow['late'], translate: (constraints: readonly unknown[]) => Translation): RuleRow {
  return { rule, type: 'string', kong, late, translate: (constraints, { kind }) => (kind === 'string' ? translate(constraints) : LATE) }
}

function length(min: unknown, max: unknown): Translation {
  const least = typeof min === 'number' && min > 0 ? Math.ceil(min) : 0
  if (max === undefined) return least <= 1 ? exactly({ len_min: least }) : atLeast({ len_min: least })
  if (typeof max !== 'number' || !(max >= 0)) return LATE
  return atLeast({ len_min: least, len_max: Math.floor(max) * BYTES_PER_CHARACTER })
}

function byteLength(min: unknown, max: unknown): Translation {
  if (typeof min !== 'number' || !Number.isFinite(min)) return LATE
  const least = { len_min: Math.max(Math.ceil(min), 0) }
  if (max === undefined) return exactly(least)
  return typeof max === 'number' && max >= 0 && Number.isFinite(max) ? exactly({ ...least, len_max: Math.floor(max) }) : LATE
}

function seedText(seed: unknown, attributes: (pattern: string) => FieldAttributes): Translation {
  const pattern = typeof seed === 'string' && seed !== '' ? escapeLuaPattern(seed) : undefined
  return pattern === undefined ? LATE : exactly(attributes(pattern))
}

function matches(pattern: unknown, modifiers: unknown): Translation {
  const regexp = regexpOf(pattern, modifiers)
  const translated = regexp === undefined ? undefined : regexpToLuaPattern(regexp)
  if (regexp === undefined || translated === undefined) return LATE
  const { patterns, lenMin, lenMax } = translated
  const least = regexp.test('') ? 0 : 1
  const [first] = patterns
  return exactly({
    ...(patterns.length === 1 && first !== undefined ? { match: first } : { match_any: { patterns } }),
    len_min: Math.max(lenMin ?? 0, least),
    ...(lenMax === undefined ? {} : { len_max: lenMax }),
  })
}

/** Copies the user's expression, because `test` would move its `lastIndex`. */
function regexpOf(pattern: unknown, modifiers: unknown): RegExp | undefined {
  try {
    if (pattern instanceof RegExp) return new RegExp(pattern)
    return typeof pattern === 'string' ? new RegExp(pattern, typeof modifiers === 'string' ? modifiers : undefined) : undefined
  } catch {
    return undefined
  }
}

function englishOnly(locale: unknown, match: string): Translation {
  return locale === undefined || locale === 'en-US' ? exactly({ match }) : LATE
}

function hash(algorithm: unknown): Translation {
  const digits = typeof algorithm === 'string' && Object.hasOwn(HASH_DIGITS, algorithm) ? HASH_DIGITS[algorithm] : undefined
  return digits === undefined ? LATE : exactly({ match: '^%x+$', len_eq: digits })
}

function numberText(options: unknown): Translation {
  if (ruleOption(options, 'no_symbols')) return exactly({ match: '^%d+$' })
  return ruleOption(options, 'locale') ? LATE : exactly({ match_any: { patterns: ['^[+-]?%d+$', '^[+-]?%d*%.%d+$'] } })
}

function decimalText(options: unknown): Translation {
  if (options !== undefined) return LATE
  return exactly({ match_any: { patterns: ['^[-+]?%d*$', '^[-+]?%d*%.%d+$'] }, not_one_of: ['-', '+'], len_min: 1 })
}
