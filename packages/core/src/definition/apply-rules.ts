import type { ClassValidatorRule } from '../declaration/class-validator-rules.js'
import { mergeAttributes } from '../rules/merge-attributes.js'
import { findRuleRow } from '../rules/rule-table.js'
import { closeIntegerRange } from '../rules/number-rules.js'
import type { RuleContext } from '../rules/rule-row.js'
import type { FieldAttributes } from './field-definition.js'

/** Attributes with all rules in them that Kong can express, and the names of those that are checked when an instance starts. */
export interface AppliedRules {
  readonly attributes: FieldAttributes
  readonly lateRules: readonly string[]
}

/** How a rule without a name of its own (`@Validate(Rule)`, `@ValidateIf`) is listed. */
export const UNNAMED_RULE = 'custom rule'

/** Marks of class-validator that say how to validate, not what is valid. */
const NO_RULES: ReadonlySet<string> = new Set(['nestedValidation', 'whitelistValidation', 'promiseValidation'])

/** Adds rules of class-validator to what `@Field` itself says. A rule that would contradict it in one schema is checked late. */
export function applyRules(said: FieldAttributes, rules: readonly ClassValidatorRule[], context: RuleContext): AppliedRules {
  let attributes = said
  const lateRules: string[] = []
  for (const { name, constraints } of rules) {
    if (name !== undefined && NO_RULES.has(name)) continue
    const translation = name === undefined ? undefined : findRuleRow(name)?.translate(constraints, context)
    const merged = translation && mergeAttributes(attributes, translation.attributes)
    if (merged !== undefined) attributes = merged
    if (merged === undefined || !translation?.exact) lateRules.push(name ?? UNNAMED_RULE)
  }
  return { attributes: settle(said, attributes, context), lateRules }
}

/** Says it as a person would: without what Kong takes for granted, and integers without the greatest number there is. */
function settle(said: FieldAttributes, attributes: FieldAttributes, { kind }: RuleContext): FieldAttributes {
  if (kind === 'integer') return closeIntegerRange(attributes)
  if (kind !== 'string' || attributes['len_min'] !== 1 || said['len_min'] !== undefined) return attributes
  const { len_min: _granted, ...rest } = attributes
  return rest
}
