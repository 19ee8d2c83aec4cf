import { KongTsError } from '@kong-ts/core'
import { CountedExpectation, type CallExpectation } from './call-expectation.js'
import { formatCalls, formatTable } from './call-table.js'
import type { PdkCallRecord } from './pdk-call-record.js'

/** The calls of a test, and what was expected of them. */
export class CallHistory {
  readonly calls: PdkCallRecord[] = []
  private readonly expectations: CountedExpectation[] = []

  expectCall(method: string): CallExpectation {
    const expectation = new CountedExpectation(method)
    this.expectations.push(expectation)
    return expectation
  }

  readonly record = (call: PdkCallRecord): void => {
    this.calls.push(call)
    const fits = this.expectations.filter((expectation) => expectation.fits(call))
    const counting = fits.find(({ fulfilled }) => !fulfilled) ?? fits[0]
    counting?.count()
  }

  /** @throws KongTsError (ERR_TEST) with a table of what was expected and what was called, when an expectation is not met. */
  assertDone(): void {
    if (this.expectations.every(({ fulfilled }) => fulfilled)) return
    const expected = formatTable(
      ['', 'expected call', 'wanted', 'seen'],
      this.expectations.map(({ fulfilled, row }) => [fulfilled ? 'ok' : '!!', ...row]),
    )
    throw new KongTsError(
      'ERR_TEST',
      `expected PDK calls were not made:\n${expected}\n\n${formatCalls(this.calls)}\ncorrect the handler, or the expectation`,
    )
  }
}
