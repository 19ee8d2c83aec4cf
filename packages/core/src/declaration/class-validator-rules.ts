import type { Constructor } from './constructor.js'

/** One rule that a decorator of class-validator put on a property. */
export interface ClassValidatorRule {
  readonly property: string
  /** class-validator's name of the rule, `isInt`, `min` …; `conditionalValidation` rules other than `isOptional` and anonymous custom rules have none. */
  readonly name: string | undefined
  readonly constraints: readonly unknown[]
  /** The rule is for each element (`{ each: true }`). */
  readonly each: boolean
}

interface StoredRule {
  readonly propertyName: string
  readonly type: string
  readonly name?: string
  readonly constraints?: readonly unknown[]
  readonly each?: boolean
}

interface ClassValidatorStorage {
  getTargetValidationMetadatas(target: Constructor, schema: string, always: boolean, strictGroups: boolean): readonly StoredRule[]
}

/**
 * The class-validator rules of a class and its bases, in the order the decorators were written.
 *
 * class-validator keeps its metadata on `globalThis`, where it can be read without loading the library: a plugin that does not use it
 * never pays for it at start-up.
 */
export function readClassValidatorRules(target: Constructor): readonly ClassValidatorRule[] {
  const storage = (globalThis as { classValidatorMetadataStorage?: ClassValidatorStorage }).classValidatorMetadataStorage
  if (storage === undefined) return []
  return [...storage.getTargetValidationMetadatas(target, '', false, false)].reverse().map((rule) => ({
    property: rule.propertyName,
    name: rule.name ?? (rule.type === 'customValidation' || rule.type === 'conditionalValidation' ? undefined : rule.type),
    constraints: rule.constraints ?? [],
    each: rule.each ?? false,
  }))
}
