import { isDeepStrictEqual } from 'node:util'
import { formatCalls } from '../mock-pdk/call-table.js'
import type { PdkCallRecord } from '../mock-pdk/pdk-call-record.js'
import type { PluginTestResult } from './plugin-test-result.js'

/** What a matcher of vitest or jest gives back. */
export interface MatcherResult {
  readonly pass: boolean
  message(): string
}

/** Matchers for results, for `expect.extend(pluginTestMatchers)` in vitest and jest: a type alias, since `extend` takes no interface. */
export type PluginTestMatchers = {
  /** The client was answered with this status. */
  toHaveStatus(result: PluginTestResult, status: number): MatcherResult
  /** A PDK function was called, with these arguments when any are given. */
  toHaveCalledPdk(result: CalledPdk, method: string, ...args: readonly unknown[]): MatcherResult
  /** No more than this many PDK calls were made: each is a round trip to Kong. */
  toMakeAtMostPdkCalls(result: CalledPdk, count: number): MatcherResult
  /** No handler failed. */
  toHaveNoHandlerErrors(result: PluginTestResult): MatcherResult
}

/** Whatever has a history of PDK calls: a result, or a mock PDK. */
export interface CalledPdk {
  readonly pdkCalls: readonly PdkCallRecord[]
}

export const pluginTestMatchers: PluginTestMatchers = {
  toHaveStatus: ({ response, connection, errors }, status) => ({
    pass: response?.status === status,
    message: () =>
      `expected status ${status}, the client got ${response?.status ?? `nothing (${connection})`}${errors.map(({ phase, error }) => `\n${phase}: ${String(error)}`).join('')}`,
  }),
  toHaveCalledPdk: ({ pdkCalls }, method, ...args) => ({
    pass: pdkCalls.some((call) => call.method === method && (args.length === 0 || isDeepStrictEqual(call.args, args))),
    message: () => `expected a call of ${method}\n${formatCalls(pdkCalls)}`,
  }),
  toMakeAtMostPdkCalls: ({ pdkCalls }, count) => ({
    pass: pdkCalls.length <= count,
    message: () => `expected at most ${count} PDK calls, there were ${pdkCalls.length}\n${formatCalls(pdkCalls)}`,
  }),
  toHaveNoHandlerErrors: ({ errors }) => ({
    pass: errors.length === 0,
    message: () =>
      `expected no handler to fail${errors.map(({ phase, error }) => `\n${phase}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`).join('')}`,
  }),
}
