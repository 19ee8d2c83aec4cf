import { isNil } from '../pack-arguments.js'
import type { ArgumentCheck } from '../pdk-method.js'

/** Tells what a value must be when it is not, `undefined` when it is. */
export type ValueRule = (value: unknown) => string | undefined

/** A rule for the first argument alone. */
export function first(argument: string, rule: ValueRule): ArgumentCheck {
  return (args) => {
    const broken = rule(args[0])
    return broken === undefined ? undefined : { argument, rule: broken }
  }
}

/** A rule for each argument, in order; the first broken one is told. */
export function each(...named: readonly (readonly [argument: string, rule: ValueRule])[]): ArgumentCheck {
  return (args) => {
    let index = 0
    for (const [argument, rule] of named) {
      const broken = rule(args[index++])
      if (broken !== undefined) return { argument, rule: broken }
    }
    return undefined
  }
}

/** The same rule, but nil is fine too. */
export function optional(rule: ValueRule): ValueRule {
  return (value) => (isNil(value) ? undefined : rule(value))
}
