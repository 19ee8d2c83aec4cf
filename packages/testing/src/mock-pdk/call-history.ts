import { isDeepStrictEqual } from 'node:util'
import { KongTsError } from '@kong-ts/core'
import { formatCalls, formatTable, type PdkCallRecord, showValue } from './pdk-call-record.js'

/** An expected PDK call. Without `with` any arguments fit; without `times` it must be made at least once. */
export interface CallExpectation {
  /** The arguments, compared deeply. A function decides about the argument at its place, and so does `expect.any(String)`. */
  with(...args: readonly unknown[]): this
  /** How often it must be made, no more and no less; 0 forbids it. */
  times(count: number): this
}

/** The calls of a test, and which calls it expected. */
export class CallHistory {
  readonly calls: PdkCallRecord[] = []
  readonly #expectations: CountedExpectation[] = []

  expectCall(method: string): CallExpectation {
    const expectation = new CountedExpectation(method)
    this.#expectations.push(expectation)
    return expectation
  }

  readonly record = (call: PdkCallRecord): void => {
    this.calls.push(call)
    const fits = this.#expectations.filter((expectation) => expectation.fits(call))
    const counting = fits.find(({ fulfilled }) => !fulfilled) ?? fits[0]
    counting?.count()
  }

  /** @throws KongTsError (ERR_TEST) with a table of expected and made calls, when an expectation is not met. */
  assertDone(): void {
    if (this.#expectations.every(({ fulfilled }) => fulfilled)) return
    const expected = formatTable(
      ['', 'expected call', 'wanted', 'seen'],
      this.#expectations.map(({ fulfilled, row }) => [fulfilled ? 'ok' : '!!', ...row]),
    )
    throw new KongTsError(
      'ERR_TEST',
      `expected PDK calls were not made:\n${expected}\n\n${formatCalls(this.calls)}\ncorrect the handler, or the expectation`,
    )
  }
}

class CountedExpectation implements CallExpectation {
  readonly #method: string
  #args: readonly unknown[] | undefined
  #wanted: number | undefined
  #seen = 0

  constructor(method: string) {
    this.#method = method
  }

  with(...args: readonly unknown[]): this {
    this.#args = args
    return this
  }

  times(count: number): this {
    if (!Number.isInteger(count) || count < 0)
      throw new KongTsError('ERR_TEST', `times(${count}) is not a count: pass 0 or a positive integer`)
    this.#wanted = count
    return this
  }

  /** Counts one call that fits. */
  count(): void {
    this.#seen++
  }

  fits({ method, args }: PdkCallRecord): boolean {
    return method === this.#method && (this.#args === undefined || argumentsFit(args, this.#args))
  }

  get fulfilled(): boolean {
    return this.#wanted === undefined ? this.#seen > 0 : this.#seen === this.#wanted
  }

  /** One row of the table that a failed test prints. */
  get row(): readonly [call: string, wanted: string, seen: string] {
    const args = this.#args === undefined ? '…' : showExpected(this.#args)
    return [`${this.#method}(${args})`, this.#wanted === undefined ? 'at least 1' : String(this.#wanted), String(this.#seen)]
  }
}

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
