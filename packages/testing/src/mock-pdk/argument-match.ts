import { isDeepStrictEqual } from 'node:util'
import { showValue } from './show-value.js'

/** How two values are compared, deeply. */
export type Equality = (actual: unknown, expected: unknown) => boolean

/** `expect.any(String)` and its like, of vitest and of jest. */
interface AsymmetricMatcher {
  asymmetricMatch(actual: unknown): boolean
  toAsymmetricMatcher?(): string
}

/** True when arguments of a call are as expected: a function is asked about the argument at its place, anything else is compared deeply. */
export function argumentsFit(actual: readonly unknown[], expected: readonly unknown[], equal: Equality = isDeepStrictEqual): boolean {
  return actual.length === expected.length && expected.every((wanted, index) => argumentFits(actual[index], wanted, equal))
}

function argumentFits(actual: unknown, wanted: unknown, equal: Equality): boolean {
  if (typeof wanted === 'function') return Boolean(wanted(actual))
  return isAsymmetric(wanted) ? wanted.asymmetricMatch(actual) : equal(actual, wanted)
}

/** Expected arguments as a message shows them. */
export function showExpected(expected: readonly unknown[]): string {
  return expected
    .map((wanted) => (typeof wanted === 'function' ? '<matcher>' : isAsymmetric(wanted) ? nameOf(wanted) : showValue(wanted)))
    .join(', ')
}

/** Both test runners call it `Any<Number>`. */
function nameOf(matcher: AsymmetricMatcher): string {
  return matcher.toAsymmetricMatcher?.() ?? String(matcher)
}

function isAsymmetric(value: unknown): value is AsymmetricMatcher {
  return typeof value === 'object' && value !== null && 'asymmetricMatch' in value && typeof value.asymmetricMatch === 'function'
}
