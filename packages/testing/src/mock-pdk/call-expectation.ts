import { KongTsError } from '@kong-ts/core'
import { argumentsFit, showExpected } from './argument-match.js'
import type { PdkCallRecord } from './pdk-call-record.js'

/** An expected PDK call. Without `with` any arguments fit; without `times` it must come at least once. */
export interface CallExpectation {
  /** The arguments, compared deeply; a function is asked whether the argument at its place fits, and so is `expect.any(String)`. */
  with(...args: readonly unknown[]): this
  /** How often it must come, no more and no less; 0 forbids it. */
  times(count: number): this
}

/** A {@link CallExpectation} with its count. */
export class CountedExpectation implements CallExpectation {
  private args: readonly unknown[] | undefined
  private wanted: number | undefined
  private seen = 0

  constructor(private readonly method: string) {}

  with(...args: readonly unknown[]): this {
    this.args = args
    return this
  }

  times(count: number): this {
    if (!Number.isInteger(count) || count < 0)
      throw new KongTsError('ERR_TEST', `times(${count}) is no count: pass 0 or a positive integer`)
    this.wanted = count
    return this
  }

  /** Counts one call that fits. */
  count(): void {
    this.seen++
  }

  fits({ method, args }: PdkCallRecord): boolean {
    if (method !== this.method) return false
    return this.args === undefined || argumentsFit(args, this.args)
  }

  get fulfilled(): boolean {
    return this.wanted === undefined ? this.seen > 0 : this.seen === this.wanted
  }

  /** One row of the table a failed test prints. */
  get row(): readonly [call: string, wanted: string, seen: string] {
    const args = this.args === undefined ? '…' : showExpected(this.args)
    return [`${this.method}(${args})`, this.wanted === undefined ? 'at least 1' : String(this.wanted), String(this.seen)]
  }
}
