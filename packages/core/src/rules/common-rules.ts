import { LATE, atLeast, exactly, type RuleContext, type RuleRow, type Translation } from './rule-row.js'

/** Rules for values of any type. */
export const COMMON_RULES: readonly RuleRow[] = [
  { rule: 'isOptional', kong: 'not `required`', late: 'never', translate: () => exactly({}) },
  { rule: 'isDefined', kong: '`required`, as every field without initialiser', late: 'never', translate: () => exactly({}) },
  {
    rule: 'isIn',
    kong: '`one_of`',
    late: 'for booleans and other values than text and numbers',
    translate: ([values], context) => oneOf(values, context),
  },
  { rule: 'isEnum', kong: "`one_of` the enum's values", late: 'never', translate: ([, values], context) => oneOf(values, context) },
  {
    rule: 'isNotIn',
    kong: '`not_one_of`',
    late: 'for other values than text and numbers',
    translate: ([values], context) => notOneOf(values, context),
  },
  {
    rule: 'equals',
    kong: '`one_of` this value; `eq` for required booleans',
    late: 'for optional booleans, other values than text, numbers and booleans',
    translate: ([value], context) => equals(value, context),
  },
  {
    rule: 'notEquals',
    kong: '`not_one_of` this value; `ne` for booleans',
    late: 'for other values than text, numbers and booleans',
    translate: ([value], context) =>
      typeof value === 'boolean' && context.kind === 'boolean' ? exactly({ ne: value }) : notOneOf([value], context),
  },
  {
    rule: 'isEmpty',
    kong: '`len_max` 0 of text',
    late: 'for other types',
    translate: (_, { kind }) => (kind === 'string' ? exactly({ len_min: 0, len_max: 0 }) : LATE),
  },
  {
    rule: 'isNotEmpty',
    kong: '`len_min` 1 of text; nothing else can be empty',
    late: 'never',
    translate: (_, { kind }) => exactly(kind === 'string' ? { len_min: 1 } : {}),
  },
]

function oneOf(values: unknown, { kind }: RuleContext): Translation {
  const listed = scalars(values)
  if (listed === undefined || kind === 'boolean') return LATE
  if (kind !== 'string' && kind !== 'number' && kind !== 'integer') return LATE
  return exactly({ one_of: listed, ...emptyText(kind, listed.includes('')) })
}

function notOneOf(values: unknown, { kind }: RuleContext): Translation {
  const listed = scalars(values)
  if (listed === undefined || (kind !== 'string' && kind !== 'number' && kind !== 'integer')) return LATE
  return exactly({ not_one_of: listed, ...emptyText(kind, !listed.includes('')) })
}

/** `eq` decides about a missing value too; in class-validator `@IsOptional` does. */
function equals(value: unknown, context: RuleContext): Translation {
  if (typeof value !== 'boolean') return oneOf([value], context)
  return context.kind === 'boolean' && context.required ? exactly({ eq: value }) : atLeast({})
}

/** `undefined` when a value is neither text nor a number: leaving it out would change the rule. */
function scalars(values: unknown): readonly (string | number)[] | undefined {
  return Array.isArray(values) && values.length > 0 && values.every(isScalar) ? [...values] : undefined
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}

/** Kong refuses `""` unless `len_min` is 0. */
function emptyText(kind: RuleContext['kind'], accepted: boolean): { readonly len_min?: number } {
  return kind === 'string' ? { len_min: accepted ? 0 : 1 } : {}
}
