import * as v from 'class-validator'
import fc from 'fast-check'
import type { FieldOptions } from '@kong-ts/core'

type FieldTypeName = Extract<FieldOptions['type'], string>

/** One way to use a rule, with values of the field's type that it is tried on. */
export interface RuleUse {
  readonly title: string
  readonly rule: string
  readonly type: FieldTypeName
  readonly elements?: FieldTypeName
  readonly decorate: PropertyDecorator
  /** Nothing is left for the check at instance start. */
  readonly exact: boolean
  readonly valid: readonly unknown[]
  readonly invalid: readonly unknown[]
  readonly values: fc.Arbitrary<unknown>
}

enum Level {
  Low = 1,
  High = 2,
}

const anyText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom('a', 'B', '0', '7', 'f', '-', '_', '.', '+', '=', 'é', '😀', '\u{FE0F}', '\0', ' ', '\n'),
    maxLength: 12,
  }),
)
const anyNumber = fc.oneof(
  fc.integer(),
  fc.integer({ min: -12, max: 12 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -3, max: 3, noNaN: true }),
)
const anyList = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 })

function use(
  rule: string,
  type: FieldTypeName,
  decorate: PropertyDecorator,
  exact: boolean,
  valid: readonly unknown[],
  invalid: readonly unknown[],
  values: fc.Arbitrary<unknown> = type === 'string'
    ? anyText
    : type === 'number'
      ? anyNumber
      : type === 'integer'
        ? fc.integer()
        : type === 'boolean'
          ? fc.boolean()
          : anyList,
  more: { readonly note?: string; readonly elements?: FieldTypeName } = {},
): RuleUse {
  const title = `${rule}${more.note === undefined ? '' : ` (${more.note})`} on ${type}`
  return { title, rule, type, decorate, exact, valid, invalid, values, ...(more.elements === undefined ? {} : { elements: more.elements }) }
}

const hexText = fc.string({ unit: fc.constantFrom('0', '9', 'a', 'F', 'x', 'X', 'h', '#', 'g'), maxLength: 9 })

const COMMON_USES: readonly RuleUse[] = [
  use('isOptional', 'string', v.IsOptional(), true, ['x', null], [], fc.string({ minLength: 1 })),
  use('isDefined', 'string', v.IsDefined(), true, ['x'], [], fc.constant('x')),
  use('isIn', 'string', v.IsIn(['a', 'B0']), true, ['a', 'B0'], ['b', '']),
  use('isIn', 'string', v.IsIn(['', 'a']), true, ['', 'a'], ['b'], anyText, { note: 'with ""' }),
  use('isIn', 'number', v.IsIn([1, 2.5]), true, [1, 2.5], [2]),
  use('isIn', 'boolean', v.IsIn([true]), false, [true], [false]),
  use('isNotIn', 'string', v.IsNotIn(['a']), true, ['b', ''], ['a']),
  use('isNotIn', 'number', v.IsNotIn([1]), true, [2], [1]),
  use('isEnum', 'integer', v.IsEnum(Level), true, [1, 2], [3], fc.integer({ min: 0, max: 4 })),
  use('equals', 'string', v.Equals('a'), true, ['a'], ['b']),
  use('equals', 'number', v.Equals(0), true, [0], [1]),
  use('equals', 'boolean', v.Equals(true), false, [true], [false]),
  use('notEquals', 'string', v.NotEquals('a'), true, ['b', ''], ['a']),
  use('notEquals', 'boolean', v.NotEquals(false), true, [true], [false]),
  use('isEmpty', 'string', v.IsEmpty(), true, [''], ['a', ' ']),
  use('isEmpty', 'array', v.IsEmpty(), false, [], [['a'], []]),
  use('isNotEmpty', 'string', v.IsNotEmpty(), true, ['a', ' '], ['']),
  use('isNotEmpty', 'array', v.IsNotEmpty(), true, [[], ['a']], []),
]

const NUMBER_USES: readonly RuleUse[] = [
  use('isBoolean', 'boolean', v.IsBoolean(), true, [true, false], []),
  use('isInt', 'integer', v.IsInt(), true, [1, -3, 1e20], []),
  use('isNumber', 'number', v.IsNumber(), true, [1.5], []),
  use(
    'isNumber',
    'number',
    v.IsNumber({ maxDecimalPlaces: 1 }),
    false,
    [1.5],
    [1.55],
    fc.integer().map((n) => n / 4),
    { note: 'maxDecimalPlaces' },
  ),
  use('min', 'number', v.Min(1.5), true, [1.5, 2, 1e300], [1.4]),
  use('min', 'integer', v.Min(1.5), true, [2], [1]),
  use('min', 'integer', v.Min(-3), true, [-3], [-4]),
  use('max', 'number', v.Max(2), true, [2, -1e300], [2.1]),
  use('max', 'integer', v.Max(2), true, [2], [3]),
  use('isPositive', 'number', v.IsPositive(), true, [5e-324], [0, -1]),
  use('isNegative', 'number', v.IsNegative(), true, [-5e-324], [0, 1]),
  use('isNegative', 'integer', v.IsNegative(), true, [-1], [0]),
  use('isDivisibleBy', 'integer', v.IsDivisibleBy(3), false, [6], [7]),
  use('isLatitude', 'number', v.IsLatitude(), false, [89.5], [91]),
  use('isLongitude', 'number', v.IsLongitude(), false, [179], [181]),
]

const object = fc.dictionary(fc.constantFrom('a', 'b'), fc.constant('x'), { maxKeys: 2, noNullPrototype: true })

const LIST_USES: readonly RuleUse[] = [
  use('isArray', 'array', v.IsArray(), true, [[], ['a']], []),
  use('arrayMinSize', 'array', v.ArrayMinSize(2), true, [['a', 'b']], [['a']]),
  use('arrayMaxSize', 'array', v.ArrayMaxSize(2), true, [['a', 'b']], [['a', 'b', 'c']]),
  use('arrayNotEmpty', 'array', v.ArrayNotEmpty(), true, [['a']], [[]]),
  use('arrayContains', 'array', v.ArrayContains(['a']), true, [['b', 'a']], [['b'], []]),
  use('arrayContains', 'array', v.ArrayContains(['a', 'b']), false, [['b', 'a']], [['b'], ['a']], anyList, { note: 'two values' }),
  use('arrayNotContains', 'array', v.ArrayNotContains(['a']), false, [['b'], []], [['a']]),
  use('arrayUnique', 'array', v.ArrayUnique(), false, [['a', 'b']], [['a', 'a']]),
  use('isObject', 'map', v.IsObject(), true, [{}, { a: 'x' }], [], object),
  use('isNotEmptyObject', 'map', v.IsNotEmptyObject(), true, [{ a: 'x' }], [{}], object),
  use('isInstance', 'array', v.IsInstance(Array), false, [[]], []),
  use('isDate', 'string', v.IsDate(), false, [], ['2026-01-01']),
  use('minDate', 'string', v.MinDate(new Date(0)), false, [], ['2026-01-01']),
  use('maxDate', 'string', v.MaxDate(new Date(0)), false, [], ['1960-01-01']),
]

const TEXT_USES: readonly RuleUse[] = [
  use('isString', 'string', v.IsString(), true, ['', 'a', 'é'], []),
  use('minLength', 'string', v.MinLength(2), false, ['ab', 'éé'], ['a', '']),
  use('minLength', 'string', v.MinLength(1), true, ['a', '\u{FE0F}'], ['']),
  use('maxLength', 'string', v.MaxLength(2), false, ['', 'ab', '😀\u{FE0F}😀\u{FE0F}'], ['abc']),
  use('isLength', 'string', v.Length(2, 3), false, ['ab', '😀\u{FE0F}a'], ['a', 'abcd']),
  use('isByteLength', 'string', v.IsByteLength(2, 4), true, ['ab', 'é', '😀'], ['a', '😀a']),
  use('contains', 'string', v.Contains('.+'), true, ['a.+b'], ['a.b', '']),
  use('contains', 'string', v.Contains('é'), true, ['aéb'], ['aeb']),
  use('notContains', 'string', v.NotContains('7-'), true, ['', 'a7'], ['a7-']),
  use('matches', 'string', v.Matches(/^[a-f]{2,5}$/i), true, ['aB', 'ffff'], ['a', 'bbbbbb', '']),
  use('matches', 'string', v.Matches('^\\d+(-\\d+)?$'), true, ['7', '7-0'], ['-', '']),
  use('matches', 'string', v.Matches(/^(?=.*\d).+$/), false, ['a7'], ['a']),
  use('isAlpha', 'string', v.IsAlpha(), true, ['aB'], ['a0', '', 'é']),
  use('isAlpha', 'string', v.IsAlpha('de-DE'), false, ['aü'], ['a0'], anyText, { note: 'de-DE' }),
  use('isAlphanumeric', 'string', v.IsAlphanumeric(), true, ['aB0'], ['a-', '', 'é']),
  use('isAscii', 'string', v.IsAscii(), true, ['a\0\n~'], ['é', '']),
  use('isMultibyte', 'string', v.IsMultibyte(), true, ['aé'], ['a', '']),
  use('isFullWidth', 'string', v.IsFullWidth(), false, ['ａ'], ['a']),
  use('isHalfWidth', 'string', v.IsHalfWidth(), false, ['a'], ['ａ']),
  use('isVariableWidth', 'string', v.IsVariableWidth(), false, ['aａ'], ['a']),
  use('isSurrogatePair', 'string', v.IsSurrogatePair(), false, ['😀'], ['a', 'é']),
  use('isLowercase', 'string', v.IsLowercase(), false, ['', 'aé0'], ['aB']),
  use('isUppercase', 'string', v.IsUppercase(), false, ['', 'BÉ0'], ['bB']),
  use('isHexadecimal', 'string', v.IsHexadecimal(), true, ['aF9', '0x9', '0h9', '0Xa'], ['g', '0x', ''], hexText),
  use('isMongoId', 'string', v.IsMongoId(), true, ['a'.repeat(24), `0x${'a'.repeat(22)}`], ['a'.repeat(23)], hexText),
  use('isHexColor', 'string', v.IsHexColor(), true, ['#fff', 'FFF', '#12345678'], ['#ff', '#12345'], hexText),
  use('isHash', 'string', v.IsHash('md5'), true, ['a'.repeat(32)], ['a'.repeat(31), 'g'.repeat(32)], hexText),
  use(
    'isOctal',
    'string',
    v.IsOctal(),
    true,
    ['07', '0o7', '0O7'],
    ['8', '0o', ''],
    fc.string({ unit: fc.constantFrom('0', '7', '8', 'o', 'O'), maxLength: 4 }),
  ),
  use('isBase32', 'string', v.IsBase32(), false, ['AAAAAAA='], ['AAAA'], anyText),
  use('isBase58', 'string', v.IsBase58(), true, ['', 'aZ9'], ['0', 'l', 'O']),
  use('isBase64', 'string', v.IsBase64(), false, ['', 'ab+/', 'YQ=='], ['a', '*'], fc.base64String()),
  use('isBase64', 'string', v.IsBase64({ urlSafe: true }), false, ['', 'ab-_'], ['*'], anyText, { note: 'urlSafe' }),
  use('isBooleanString', 'string', v.IsBooleanString(), true, ['true', '0'], ['TRUE', '']),
  use(
    'isNumberString',
    'string',
    v.IsNumberString(),
    true,
    ['-1', '+.5', '7'],
    ['.', '1.', ''],
    fc.string({ unit: fc.constantFrom('0', '9', '.', '-', '+'), maxLength: 5 }),
  ),
  use('isNumberString', 'string', v.IsNumberString({ no_symbols: true }), true, ['7'], ['-7', ''], anyText, { note: 'no_symbols' }),
  use(
    'isDecimal',
    'string',
    v.IsDecimal(),
    true,
    ['-1.5', '.5', '7'],
    ['-', '+', '1.', ''],
    fc.string({ unit: fc.constantFrom('0', '9', '.', '-', '+'), maxLength: 5 }),
  ),
  use('isPort', 'string', v.IsPort(), false, ['0', '65535', '+80'], ['65536', 'a', '080']),
  use(
    'isMilitaryTime',
    'string',
    v.IsMilitaryTime(),
    true,
    ['0000', '23:59', '1959'],
    ['24:00', '12:60'],
    fc.string({ unit: fc.constantFrom('0', '1', '2', '5', ':'), maxLength: 5 }),
  ),
  use('IsFirebasePushId', 'string', v.IsFirebasePushId(), true, ['-'.repeat(20)], ['-'.repeat(19), '.'.repeat(20)]),
  use('isEthereumAddress', 'string', v.IsEthereumAddress(), true, [`0x${'aF'.repeat(20)}`], [`0x${'a'.repeat(39)}`, 'a'.repeat(42)]),
  use('isUuid', 'string', v.IsUUID(), false, ['f81d4fae-7dec-41d0-a765-00a0c91e6bf6'], ['f81d4fae7dec41d0a76500a0c91e6bf6'], fc.uuid()),
  use('isUuid', 'string', v.IsUUID('loose'), true, ['f81d4fae-7dec-f1d0-f765-00a0c91e6bf6'], ['f81d4fae'], fc.uuid(), { note: 'loose' }),
  use('isJwt', 'string', v.IsJWT(), true, ['a.b.c', '..'], ['a.b', 'a.b.*', '']),
  use('isEmail', 'string', v.IsEmail(), false, ['a@b.co'], ['a', '@'], fc.emailAddress()),
  use('isIp', 'string', v.IsIP(4), false, ['127.0.0.1'], ['256.0.0.1', '::1'], fc.ipV4()),
  use('isIp', 'string', v.IsIP(), false, ['127.0.0.1', '::1', 'fe80::1%eth0'], ['a'], fc.ipV6(), { note: 'any version' }),
  use('isMacAddress', 'string', v.IsMACAddress(), false, ['01:02:03:04:05:ab', '0102.0304.05ab'], ['01:02']),
  use('isLatLong', 'string', v.IsLatLong(), false, ['1,2', '(1, 2)'], ['1']),
  use(
    'isDateString',
    'string',
    v.IsDateString(),
    false,
    ['2026-01-01', '2026-01-01T00:00:00Z'],
    ['1.1.2026'],
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  ),
  use(
    'isIso8601',
    'string',
    v.IsISO8601(),
    false,
    ['2026-01-01', '2026-W01'],
    ['1.1.2026'],
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  ),
  use('isRFC3339', 'string', v.IsRFC3339(), false, ['2026-01-01T00:00:00Z'], ['2026-01-01']),
  use('isSemVer', 'string', v.IsSemVer(), false, ['1.2.3', '1.2.3-rc.1+b'], ['1.2']),
  use('isMimeType', 'string', v.IsMimeType(), false, ['text/plain', 'text/html; charset=utf-8'], ['text']),
  use('isDataURI', 'string', v.IsDataURI(), false, ['data:,x', ' data:text/plain;base64,eA=='], ['data:x']),
  use('isMagnetURI', 'string', v.IsMagnetURI(), false, [`magnet:?xt=urn:btih:${'a'.repeat(40)}`], ['magnet:']),
]

const LATE_TEXT_USES: readonly RuleUse[] = [
  use('isBIC', 'string', v.IsBIC(), false, ['DEUTDEFF'], ['x']),
  use('isBtcAddress', 'string', v.IsBtcAddress(), false, ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'], ['x']),
  use('isCreditCard', 'string', v.IsCreditCard(), false, ['4111 1111 1111 1111'], ['4111']),
  use('isCurrency', 'string', v.IsCurrency(), false, ['$1.50'], ['x']),
  use('isEAN', 'string', v.IsEAN(), false, ['9771234567003'], ['1']),
  use('isFqdn', 'string', v.IsFQDN(), false, ['example.com'], ['-']),
  use('isHSL', 'string', v.IsHSL(), false, ['hsl(1,2%,3%)'], ['x']),
  use('isIBAN', 'string', v.IsIBAN(), false, ['DE89370400440532013000'], ['x']),
  use('isISO31661Alpha2', 'string', v.IsISO31661Alpha2(), false, ['DE'], ['XX']),
  use('isISO31661Alpha3', 'string', v.IsISO31661Alpha3(), false, ['DEU'], ['XXX']),
  use('isISO31661Numeric', 'string', v.IsISO31661Numeric(), false, ['276'], ['001']),
  use('isISO4217CurrencyCode', 'string', v.IsISO4217CurrencyCode(), false, ['EUR'], ['XXQ']),
  use('isISO6391', 'string', v.IsISO6391(), false, ['de'], ['xx']),
  use('isISRC', 'string', v.IsISRC(), false, ['USAT29900609'], ['x']),
  use('isISSN', 'string', v.IsISSN(), false, ['0378-5955'], ['x']),
  use('isIdentityCard', 'string', v.IsIdentityCard('ES'), false, ['99999999R'], ['x']),
  use('isIsbn', 'string', v.IsISBN(), false, ['9783161484100'], ['x']),
  use('isIsin', 'string', v.IsISIN(), false, ['US0378331005'], ['x']),
  use('isJson', 'string', v.IsJSON(), false, ['{"a":1}'], ['{']),
  use('isLocale', 'string', v.IsLocale(), false, ['de_DE'], ['-']),
  use('isMobilePhone', 'string', v.IsMobilePhone('de-DE'), false, ['+4915112345678'], ['x']),
  use('isPassportNumber', 'string', v.IsPassportNumber('DE'), false, ['C01X00T47'], ['x']),
  use('isPhoneNumber', 'string', v.IsPhoneNumber('DE'), false, ['+493012345678'], ['x']),
  use('isPostalCode', 'string', v.IsPostalCode('DE'), false, ['10115'], ['x']),
  use('isRgbColor', 'string', v.IsRgbColor(), false, ['rgb(0,0,0)'], ['x']),
  use('isStrongPassword', 'string', v.IsStrongPassword(), false, ['aB3$aB3$'], ['x']),
  use('isTaxId', 'string', v.IsTaxId('de-DE'), false, ['26954371827'], ['x']),
  use('isTimeZone', 'string', v.IsTimeZone(), false, ['Europe/Berlin'], ['x']),
  use('isUrl', 'string', v.IsUrl(), false, ['http://example.com/'], ['x']),
]

/** At least one use of each row of the rule table. */
export const RULE_USES: readonly RuleUse[] = [...COMMON_USES, ...NUMBER_USES, ...LIST_USES, ...TEXT_USES, ...LATE_TEXT_USES]
