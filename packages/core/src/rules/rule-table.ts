import type { ClassValidatorRule } from '../declaration/class-validator-rules.js'
import { COMMON_RULES } from './common-rules.js'
import { LIST_RULES } from './list-rules.js'
import { NUMBER_RULES, closeIntegerRange } from './number-rules.js'
import type { RuleRow, RuleContext } from './rule-row.js'
import { TEXT_RULES } from './text-rules.js'
import { mergeAttributes, type FieldAttributes } from './field-attributes.js'

/** Every rule of class-validator, and how Kong's schema expresses it. Rules without a row (custom ones) are checked when an instance starts. */
export const RULE_TABLE: readonly RuleRow[] = [...COMMON_RULES, ...NUMBER_RULES, ...LIST_RULES, ...TEXT_RULES]

const ROWS: ReadonlyMap<string, RuleRow> = new Map(RULE_TABLE.map((row) => [row.rule, row]))

/** The row of the rule with this name of class-validator. */
export function findRuleRow(rule: string): RuleRow | undefined {
  return ROWS.get(rule)
}

/** A field's attributes with every rule that Kong can express, and the names of the rules that are checked when an instance starts. */
export interface AppliedRules {
  readonly attributes: FieldAttributes
  readonly lateRules: readonly string[]
}

/** The name under which a rule without a name is listed: `@Validate(Rule)`, `@ValidateIf`. */
export const UNNAMED_RULE = 'custom rule'

/** Marks of class-validator that say how to validate, not which values are valid. */
const NOT_RULES: ReadonlySet<string> = new Set(['nestedValidation', 'whitelistValidation', 'promiseValidation'])

/** Adds class-validator's rules to the attributes from `@Field`. A rule that one schema cannot contain beside them is checked late. */
export function applyRules(own: FieldAttributes, rules: readonly ClassValidatorRule[], context: RuleContext): AppliedRules {
  let attributes = own
  const lateRules: string[] = []
  for (const { name, constraints } of rules) {
    if (name !== undefined && NOT_RULES.has(name)) continue
    const translation = name === undefined ? undefined : findRuleRow(name)?.translate(constraints, context)
    const merged = translation && mergeAttributes(attributes, translation.attributes)
    if (merged !== undefined) attributes = merged
    if (merged === undefined || !translation?.exact) lateRules.push(name ?? UNNAMED_RULE)
  }
  return { attributes: simplify(own, attributes, context), lateRules }
}

/** Drops attributes that equal Kong's defaults, and closes integer ranges that are open above. */
function simplify(own: FieldAttributes, attributes: FieldAttributes, { kind }: RuleContext): FieldAttributes {
  if (kind === 'integer') return closeIntegerRange(attributes)
  if (kind !== 'string' || attributes['len_min'] !== 1 || own['len_min'] !== undefined) return attributes
  const { len_min: _default, ...rest } = attributes
  return rest
}
