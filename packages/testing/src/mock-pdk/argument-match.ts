import { isDeepStrictEqual } from 'node:util'
import { showValue } from './pdk-call-record.js'

/** Compares two values deeply. */
export type Equality = (actual: unknown, expected: unknown) => boolean

/** A value such as `expect.any(String)`, of vitest or of jest. */
interface AsymmetricMatcher {
  asymmetricMatch(actual: unknown): boolean
  toAsymmetricMatcher?(): string
}

/** True when the arguments of a call are as expected. A function decides about the argument at its place, anything else is compared deeply. */
export function argumentsFit(actual: readonly unknown[], expected: readonly unknown[], equal: Equality = isDeepStrictEqual): boolean {
  return actual.length === expected.length && expected.every((wanted, index) => argumentFits(actual[index], wanted, equal))
}

function argumentFits(actual: unknown, wanted: unknown, equal: Equality): boolean {
  if (typeof wanted === 'function') return Boolean(wanted(actual))
  return isAsymmetric(wanted) ? wanted.asymmetricMatch(actual) : equal(actual, wanted)
}

/** Expected arguments, for a message. */
export function showExpected(expected: readonly unknown[]): string {
  return expected
    .map((wanted) => (typeof wanted === 'function' ? '<matcher>' : isAsymmetric(wanted) ? nameOf(wanted) : showValue(wanted)))
    .join(', ')
}

/** The name that the test runner gives it, `Any<Number>`. */
function nameOf(matcher: AsymmetricMatcher): string {
  return matcher.toAsymmetricMatcher?.() ?? String(matcher)
}

function isAsymmetric(value: unknown): value is AsymmetricMatcher {
  return typeof value === 'object' && value !== null && 'asymmetricMatch' in value && typeof value.asymmetricMatch === 'function'
}
