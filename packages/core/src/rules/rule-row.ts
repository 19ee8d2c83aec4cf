import type { FieldTypeName } from '../declaration/field-type-option.js'
import type { FieldAttributes, FieldType } from '../definition/field-definition.js'

/** What a rule is put on. */
export interface RuleContext {
  readonly kind: FieldType['kind']
  /** Kong refuses a configuration without the field. Always so for elements, keys and values. */
  readonly required: boolean
}

/** One use of a rule in Kong's words. */
export interface Translation {
  readonly attributes: FieldAttributes
  /**
   * Kong refuses exactly what class-validator refuses. Otherwise Kong's rule is the narrowest we know that refuses nothing valid, and the
   * exact
   * rule is checked when an instance starts.
   */
  readonly exact: boolean
}

/** How one rule of class-validator is said in Kong's schema. */
export interface RuleRow {
  /** class-validator's name of the rule: the decorator's name, as a rule with the first letter in lower case. */
  readonly rule: string
  /** The type the rule implies. */
  readonly type?: FieldTypeName
  /** For the docs: Kong's side in words. */
  readonly kong: string
  /** For the docs: which uses are (also) checked when an instance starts. */
  readonly late: 'never' | 'always' | string
  translate(constraints: readonly unknown[], context: RuleContext): Translation
}

/** Kong says exactly this. */
export function exactly(attributes: FieldAttributes): Translation {
  return { attributes, exact: true }
}

/** Kong says this much; the rest is checked late. */
export function atLeast(attributes: FieldAttributes): Translation {
  return { attributes, exact: false }
}

/** Kong cannot say anything of it. */
export const LATE: Translation = atLeast({})
