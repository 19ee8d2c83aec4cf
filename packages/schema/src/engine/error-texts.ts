import { formatInteger, luaToString } from '../schema-values/lua-text.js'
import type { LuaValue } from '../schema-values/lua-value.js'

/** Texts that users of Kong know from its Admin API; tools compare them, so they are the same here. */
export const texts = {
  required: 'required field missing',
  unknown: 'unknown field',
  abstract: 'error in schema definition: abstract field was not specialized',
  cannotValidate: 'error in schema prevents from validating this field',
  requiredForCheck: 'field required for entity check',
  missingPrimaryKey: 'missing primary key',
  timestamp: 'expected a valid timestamp',
  uuid: 'expected a valid UUID',
  inputTable: 'expected an input table',
} as const

/** Texts for a value of the wrong type, by Kong type. Type json has none. */
export const typeTexts: Readonly<Record<string, string>> = {
  array: 'expected an array',
  set: 'expected a set',
  map: 'expected a map',
  record: 'expected a record',
  string: 'expected a string',
  number: 'expected a number',
  boolean: 'expected a boolean',
  integer: 'expected an integer',
  function: 'expected a function',
}

export const eqText = (wanted: LuaValue): string => `value must be ${wanted === null ? 'null' : luaToString(wanted)}`
export const neText = (unwanted: LuaValue | undefined): string => `value must not be ${unwanted === null ? 'null' : luaToString(unwanted)}`
export const betweenText = (low: LuaValue | undefined, high: LuaValue | undefined): string =>
  `value should be between ${formatInteger(low)} and ${formatInteger(high)}`
export const lengthText = (rule: 'len_eq' | 'len_min' | 'len_max', length: LuaValue): string =>
  `length must be ${{ len_eq: '', len_min: 'at least ', len_max: 'at most ' }[rule]}${formatInteger(length)}`
export const invalidText = (value: LuaValue): string => `invalid value: ${luaToString(value)}`

/** Texts of entity checks around the list or field that the check names. */
export const entityCheckTexts: Readonly<Record<string, (named: string) => string>> = {
  at_least_one_of: (list) => `at least one of these fields must be non-empty: ${list}`,
  conditional_at_least_one_of: (list) => `at least one of these fields must be non-empty: ${list}`,
  only_one_of: (list) => `exactly one of these fields must be non-empty: ${list}`,
  distinct: (list) => `values of these fields must be distinct: ${list}`,
  mutually_required: (list) => `all or none of these fields must be set: ${list}`,
  mutually_exclusive: (list) => `only one or none of these fields must be set: ${list}`,
  mutually_exclusive_sets: (list) => `these sets are mutually exclusive: ${list}`,
  conditional: (field) => `failed conditional validation given value of field '${field}'`,
}
