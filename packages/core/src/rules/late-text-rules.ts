import { LATE, type RuleRow } from './rule-row.js'

/** Rules for text of which Kong can say no more than that it is text. */
const NAMES = [
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

export const LATE_TEXT_RULES: readonly RuleRow[] = NAMES.map((rule) => ({
  rule,
  type: 'string',
  kong: 'type `string`',
  late: 'always',
  translate: () => LATE,
}))
