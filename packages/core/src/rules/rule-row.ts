import type { FieldTypeName } from '../declaration/decorator-options.js'
import type { FieldAttributes } from './field-attributes.js'

/** The field, element, key or value that a rule is on. */
export interface RuleContext {
  readonly kind: FieldTypeName
  /** Kong refuses a configuration without the field. Always true for elements, keys and values. */
  readonly required: boolean
}

/** One use of a rule as attributes of Kong's schema. */
export interface Translation {
  readonly attributes: FieldAttributes
  /**
   * Kong refuses exactly what class-validator refuses. Otherwise the attributes are the narrowest we know that refuse nothing valid, and
   * the rule itself is checked when an instance starts.
   */
  readonly exact: boolean
}

/** How Kong's schema expresses one rule of class-validator. */
export interface RuleRow {
  /** class-validator's name of the rule: the name of its decorator, as a rule with a lower-case first letter. */
  readonly rule: string
  /** The field type that the rule implies. */
  readonly type?: Exclude<FieldTypeName, 'json'>
  /** For the docs: Kong's side in words. */
  readonly kong: string
  /** For the docs: which uses are (also) checked when an instance starts. */
  readonly late: 'never' | 'always' | string
  translate(constraints: readonly unknown[], context: RuleContext): Translation
}

/** The attributes express the whole rule. */
export function exactly(attributes: FieldAttributes): Translation {
  return { attributes, exact: true }
}

/** The attributes express a part of the rule; the rest is checked late. */
export function atLeast(attributes: FieldAttributes): Translation {
  return { attributes, exact: false }
}

/** Kong cannot express any part of the rule. */
export const LATE: Translation = atLeast({})

/** One option of a rule such as `@IsNumber({ maxDecimalPlaces: 2 })`; `undefined` without options. */
export function ruleOption(options: unknown, name: string): unknown {
  return typeof options === 'object' && options !== null ? Reflect.get(options, name) : undefined
}
