import type { FieldAttributes } from './field-attributes.js'
import { LATE, atLeast, exactly, ruleOption, type RuleContext, type RuleRow, type Translation } from './rule-row.js'

/** The end of ranges that are open above. */
const GREATEST = Number.MAX_VALUE

/** Rules for numbers and booleans. */
export const NUMBER_RULES: readonly RuleRow[] = [
  {
    rule: 'isBoolean',
    type: 'boolean',
    kong: 'type `boolean`',
    late: 'never',
    translate: (_, { kind }) => (kind === 'boolean' ? exactly({}) : LATE),
  },
  {
    rule: 'isInt',
    type: 'integer',
    kong: 'type `integer`',
    late: 'on a field of another type',
    translate: (_, { kind }) => (kind === 'integer' ? exactly({}) : LATE),
  },
  {
    rule: 'isNumber',
    type: 'number',
    kong: 'type `number`',
    late: 'with maxDecimalPlaces',
    translate: ([options], { kind }) => (isNumeric(kind) && ruleOption(options, 'maxDecimalPlaces') === undefined ? exactly({}) : LATE),
  },
  {
    rule: 'min',
    kong: '`between` min and the greatest number; `gt` for integers',
    late: 'never',
    translate: ([min], context) => range(min, GREATEST, context),
  },
  { rule: 'max', kong: '`between` the least number and max', late: 'never', translate: ([max], context) => range(-GREATEST, max, context) },
  { rule: 'isPositive', kong: '`gt` 0', late: 'never', translate: (_, { kind }) => (isNumeric(kind) ? exactly({ gt: 0 }) : LATE) },
  {
    rule: 'isNegative',
    kong: '`between` the least number and the greatest below 0',
    late: 'never',
    translate: (_, context) => range(-GREATEST, context.kind === 'integer' ? -1 : -Number.MIN_VALUE, context),
  },
  { rule: 'isDivisibleBy', kong: 'nothing', late: 'always', translate: () => LATE },
  { rule: 'isLatitude', kong: '`between` -90 and 90', late: 'always', translate: (_, { kind }) => degrees(90, kind) },
  { rule: 'isLongitude', kong: '`between` -180 and 180', late: 'always', translate: (_, { kind }) => degrees(180, kind) },
]

function range(min: unknown, max: unknown, { kind }: RuleContext): Translation {
  if (!isNumeric(kind) || typeof min !== 'number' || typeof max !== 'number' || !Number.isFinite(min) || !Number.isFinite(max)) return LATE
  return exactly({ between: [min, max] })
}

function degrees(limit: number, kind: RuleContext['kind']): Translation {
  return isNumeric(kind) ? atLeast({ between: [-limit, limit] }) : LATE
}

function isNumeric(kind: RuleContext['kind']): boolean {
  return kind === 'number' || kind === 'integer'
}

/**
 * Replaces an integer range that is open above by `gt`, so that Kong's errors do not print its huge upper end.
 *
 * Runs after all rules are combined: until then a range stays `between`, so that a minimum and a maximum become one range.
 */
export function closeIntegerRange(attributes: FieldAttributes): FieldAttributes {
  const { between, gt, ...rest } = attributes
  if (!Array.isArray(between)) return attributes
  const [min, max]: readonly unknown[] = between
  if (typeof min !== 'number' || max !== GREATEST) return attributes
  const bound = Math.ceil(min) - 1
  // Above the safe integers `bound` may equal `min`, and `gt` would refuse `min` itself.
  if (!Number.isSafeInteger(bound)) return attributes
  return { ...rest, gt: typeof gt === 'number' ? Math.max(gt, bound) : bound }
}
