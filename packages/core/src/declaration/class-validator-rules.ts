import type { Constructor } from './constructor.js'

/** One rule that a decorator of class-validator put on a property. */
export interface ClassValidatorRule {
  readonly property: string
  /** class-validator's name of the rule: `isInt`, `min`. Anonymous custom rules have none, nor do conditions other than `isOptional`. */
  readonly name: string | undefined
  readonly constraints: readonly unknown[]
  /** The rule applies to each element (`{ each: true }`). */
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
 * The class-validator rules of a class and its base classes, in the order in which the decorators were written.
 *
 * Reads class-validator's metadata from `globalThis`, so that plugins without such rules never load the library.
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
