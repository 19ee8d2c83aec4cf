import { COMMON_RULES } from './common-rules.js'
import { LIST_RULES } from './list-rules.js'
import { NUMBER_RULES } from './number-rules.js'
import type { RuleRow } from './rule-row.js'
import { TEXT_RULES } from './text-rules.js'

/** Every rule of class-validator, and how Kong's schema expresses it. Rules without a row (custom ones) are checked when an instance starts. */
export const RULE_TABLE: readonly RuleRow[] = [...COMMON_RULES, ...NUMBER_RULES, ...LIST_RULES, ...TEXT_RULES]

const ROWS: ReadonlyMap<string, RuleRow> = new Map(RULE_TABLE.map((row) => [row.rule, row]))

/** The row of the rule with this name of class-validator. */
export function findRuleRow(rule: string): RuleRow | undefined {
  return ROWS.get(rule)
}
