import { LATE, atLeast, exactly, ruleOption, type RuleContext, type RuleRow, type Translation } from './rule-row.js'

/** Rules for lists, maps and objects. */
export const LIST_RULES: readonly RuleRow[] = [
  { rule: 'isArray', type: 'array', kong: 'type `array`', late: 'never', translate: (_, { kind }) => (isList(kind) ? exactly({}) : LATE) },
  { rule: 'arrayMinSize', kong: '`len_min`', late: 'never', translate: ([min], context) => size('len_min', min, context) },
  { rule: 'arrayMaxSize', kong: '`len_max`', late: 'never', translate: ([max], context) => size('len_max', max, context) },
  { rule: 'arrayNotEmpty', kong: '`len_min` 1', late: 'never', translate: (_, context) => size('len_min', 1, context) },
  {
    rule: 'arrayContains',
    kong: '`contains`',
    late: 'with more than one value',
    translate: ([values], context) => contains(values, context),
  },
  { rule: 'arrayNotContains', kong: 'nothing', late: 'always', translate: () => LATE },
  {
    rule: 'arrayUnique',
    kong: 'nothing; a set is unique by itself',
    late: 'on arrays',
    translate: (_, { kind }) => (kind === 'set' ? exactly({}) : LATE),
  },
  {
    rule: 'isObject',
    kong: 'types `map`, `record`, `foreign`',
    late: 'on a field of another type',
    translate: (_, { kind }) => (kind === 'map' || kind === 'record' || kind === 'foreign' ? exactly({}) : LATE),
  },
  {
    rule: 'isNotEmptyObject',
    kong: '`len_min` 1 of a map',
    late: 'on a field of another type, or with `nullable: false`',
    translate: ([options], { kind }) => {
      if (kind !== 'map') return LATE
      return ruleOption(options, 'nullable') === false ? atLeast({ len_min: 1 }) : exactly({ len_min: 1 })
    },
  },
  { rule: 'isInstance', kong: 'nothing', late: 'always', translate: () => LATE },
  { rule: 'isDate', kong: 'nothing', late: 'always', translate: () => LATE },
  { rule: 'minDate', kong: 'nothing', late: 'always', translate: () => LATE },
  { rule: 'maxDate', kong: 'nothing', late: 'always', translate: () => LATE },
]

function size(attribute: 'len_min' | 'len_max', value: unknown, { kind }: RuleContext): Translation {
  if (!isList(kind) || typeof value !== 'number' || !Number.isFinite(value)) return LATE
  const whole = attribute === 'len_min' ? Math.ceil(value) : Math.floor(value)
  return attribute === 'len_max' && whole < 0 ? LATE : exactly({ [attribute]: Math.max(whole, 0) })
}

function contains(values: unknown, { kind }: RuleContext): Translation {
  if (!isList(kind) || !Array.isArray(values)) return LATE
  const [first, ...more]: readonly unknown[] = values
  if (first === undefined) return values.length === 0 ? exactly({}) : LATE
  if (typeof first !== 'string' && typeof first !== 'number') return LATE
  return more.length === 0 ? exactly({ contains: first }) : atLeast({ contains: first })
}

function isList(kind: RuleContext['kind']): boolean {
  return kind === 'array' || kind === 'set'
}
