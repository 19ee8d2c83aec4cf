import type { FieldTypeName } from '../decorators/field-options.js'
import type { FieldAttributes } from '../definition/field-definition.js'

/** How one rule of class-validator is said in Kong's schema. */
export interface RuleRow {
  /** class-validator's name of the rule: the decorator's name, first letter in lower case. */
  readonly rule: string
  /** The type the rule implies. */
  readonly type?: FieldTypeName
  /** Kong's attributes for these constraints; `undefined` where Kong cannot express this use of the rule. */
  attributes(constraints: readonly unknown[]): FieldAttributes | undefined
  /**
   * Kong's rule refuses exactly what class-validator refuses. Otherwise Kong's is the widest that refuses nothing valid, and the exact rule is
   * checked when an instance starts.
   */
  readonly exact: boolean
  /** For the docs: Kong's side in words. */
  readonly kong: string
}

const none = (): FieldAttributes => ({})

/** One row per rule that Kong can express, at least in part. Rules without a row are checked when an instance starts. */
export const RULE_TABLE: readonly RuleRow[] = [
  { rule: 'isString', type: 'string', attributes: none, exact: true, kong: 'type string' },
  { rule: 'isBoolean', type: 'boolean', attributes: none, exact: true, kong: 'type boolean' },
  { rule: 'isInt', type: 'integer', attributes: none, exact: true, kong: 'type integer' },
  { rule: 'isNumber', type: 'number', attributes: none, exact: false, kong: 'type number' },
  { rule: 'isArray', type: 'array', attributes: none, exact: true, kong: 'type array' },
  { rule: 'min', attributes: ([min]) => between(min, Number.MAX_VALUE), exact: true, kong: 'between min, the greatest number' },
  { rule: 'max', attributes: ([max]) => between(-Number.MAX_VALUE, max), exact: true, kong: 'between the least number, max' },
  { rule: 'isPositive', attributes: () => ({ gt: 0 }), exact: true, kong: 'gt 0' },
  { rule: 'isNegative', attributes: () => between(-Number.MAX_VALUE, 0), exact: false, kong: 'between the least number, 0' },
  { rule: 'isIn', attributes: ([values]) => listed('one_of', values), exact: true, kong: 'one_of' },
  { rule: 'isNotIn', attributes: ([values]) => listed('not_one_of', values), exact: true, kong: 'not_one_of' },
  { rule: 'isEnum', attributes: ([, values]) => listed('one_of', values), exact: true, kong: 'one_of the values' },
  { rule: 'equals', attributes: ([value]) => (isScalar(value) ? { eq: value } : undefined), exact: true, kong: 'eq' },
  { rule: 'notEquals', attributes: ([value]) => (isScalar(value) ? { ne: value } : undefined), exact: true, kong: 'ne' },
  { rule: 'isNotEmpty', attributes: none, exact: false, kong: 'strings refuse "" by themselves' },
  { rule: 'minLength', attributes: ([min]) => length('len_min', min), exact: false, kong: 'len_min, in bytes' },
  { rule: 'maxLength', attributes: ([max]) => (typeof max === 'number' ? length('len_max', max * 4) : undefined), exact: false, kong: 'len_max of 4 bytes a character' },
  { rule: 'arrayMinSize', attributes: ([min]) => length('len_min', min), exact: true, kong: 'len_min' },
  { rule: 'arrayMaxSize', attributes: ([max]) => length('len_max', max), exact: true, kong: 'len_max' },
  { rule: 'arrayNotEmpty', attributes: () => ({ len_min: 1 }), exact: true, kong: 'len_min 1' },
]

/** The row of a rule, by class-validator's name of it. */
export function findRuleRow(rule: string): RuleRow | undefined {
  return RULE_TABLE.find((row) => row.rule === rule)
}

function between(min: unknown, max: unknown): FieldAttributes | undefined {
  return typeof min === 'number' && typeof max === 'number' ? { between: [min, max] } : undefined
}

function listed(attribute: string, values: unknown): FieldAttributes | undefined {
  return Array.isArray(values) && values.every((value) => typeof value === 'string' || typeof value === 'number') ? { [attribute]: values } : undefined
}

function length(attribute: string, value: unknown): FieldAttributes | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? { [attribute]: value } : undefined
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
