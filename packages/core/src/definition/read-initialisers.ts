import type { Constructor } from '../declaration/constructor.js'
import type { DefinitionProblems } from './definition-problems.js'

/**
 * The values a class's property initialisers produce, read once from an instance that is thrown away.
 *
 * The constructor runs with blanks in place of injected services, since none exist while a definition is built (`-dump` must not open
 * anything). A blank answers to everything and does nothing.
 */
export function readInitialisers(target: Constructor, problems: DefinitionProblems): ReadonlyMap<string, unknown> {
  try {
    const instance = new target(...Array.from({ length: target.length }, () => BLANK))
    return new Map(Object.entries(instance))
  } catch (cause) {
    problems.add(
      target.name,
      'constructor',
      `fails while the definition is read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'keep the constructor to assigning what is injected, and move work to onStart()',
    )
    return new Map()
  }
}

const BLANK: unknown = new Proxy(function blank() {}, {
  get: (_target, key) => (key === Symbol.toPrimitive ? () => '' : key === 'then' ? undefined : BLANK),
  set: () => true,
  apply: () => BLANK,
  construct: () => BLANK as object,
})

/** A property that holds an injected blank has no initialiser. */
export function isBlank(value: unknown): boolean {
  return value === BLANK
}
