import { isDeepStrictEqual } from 'node:util'
import { KongTsError } from '@kong-ts/core'
import { argumentsFit, showExpected, type Equality } from '../mock-pdk/call-history.js'
import { formatCalls, showValue, type PdkCallRecord } from '../mock-pdk/pdk-call-record.js'
import { pdkMethodName, type NamedPdkMethod } from '../mock-pdk/pdk-method-name.js'
import type { Exchange } from '../exchange/exchange.js'
import { TestMessage } from '../exchange/test-message.js'
import type { HandlerError } from '../plugin-test/plugin-test-result.js'

/** The result of a matcher, as vitest and jest want it. They print the message when the expectation fails, negated or not. */
export interface MatcherResult {
  readonly pass: boolean
  message(): string
}

/** The methods that `expect(…)` has when the matchers are registered. */
export interface PluginTestExpectations<R = void> {
  /** The client was answered with this status. */
  toHaveStatus(status: number): R
  /**
   * The plugin ended the request with `kong.response.exit` or `error`; with this status when one is given. In a scenario outside memory, where
   * PDK calls cannot be seen: the client was answered, and the service was not asked.
   */
  toHaveExited(status?: number): R
  /**
   * The client's response has this header. With a value: one of its lines is that text, or matches that expression. Behind
   * `expect(result.serviceRequest)` or `expect(result.response)`: that message has the header.
   */
  toHaveHeader(name: string, value?: string | RegExp): R
  /** The service got at least one request. */
  toHaveReachedService(): R
  /**
   * A PDK function was called; with these arguments when any are given. A function decides about the argument at its place, and so does
   * `expect.any(String)`.
   */
  toHaveCalledPdk(method: NamedPdkMethod, ...args: readonly unknown[]): R
  /** At most this many PDK calls were made. Each is a round trip to Kong. */
  toMakeAtMostPdkCalls(count: number): R
  /** No handler failed. */
  toHaveNoHandlerErrors(): R
}

/** A matcher for `expect.extend`: the value under test comes before the arguments. */
type MatcherOf<Expectation> = Expectation extends (...args: infer Args) => unknown
  ? (this: unknown, subject: unknown, ...args: Args) => MatcherResult
  : never

/** The type of {@link pluginTestMatchers}. An alias, because `expect.extend` does not accept an interface. */
export type PluginTestMatchers = { readonly [Name in keyof PluginTestExpectations]: MatcherOf<PluginTestExpectations[Name]> }

/** The matchers, for `expect.extend(pluginTestMatchers)` in vitest and jest. */
export const pluginTestMatchers: PluginTestMatchers = {
  toHaveStatus(subject, status) {
    const result = resultOf(subject, 'toHaveStatus')
    const got = result.response?.status
    return {
      pass: got === status,
      message: () =>
        got === status
          ? `expected another status than ${status}\n${result.report()}`
          : `expected status ${status}, the client got ${got ?? `nothing (connection ${result.connection})`}\n${result.report()}`,
    }
  },

  toHaveExited(subject, status) {
    const result = resultOf(subject, 'toHaveExited')
    const pass = result.exited && (status === undefined || result.response?.status === status)
    const wanted = status === undefined ? '' : ` with status ${status}`
    return {
      pass,
      message: () => `expected the plugin ${pass ? 'not ' : ''}to end the request${wanted}\n${result.report()}`,
    }
  },

  toHaveHeader(subject, name, value) {
    const message = messageOf(subject, 'toHaveHeader')
    const values = message?.headers[name.toLowerCase()] ?? []
    const pass =
      value === undefined ? values.length > 0 : values.some((line) => (value instanceof RegExp ? value.test(line) : line === value))
    const wanted = value === undefined ? `header ${name}` : `header ${name}: ${value instanceof RegExp ? String(value) : value}`
    return {
      pass,
      message: () =>
        pass
          ? `expected no ${wanted}, there is ${values.join(', ')}`
          : `expected ${wanted}, ${values.length === 0 ? 'there is none of this name' : `there is ${values.map(showValue).join(', ')}`}\n${listHeaders(message)}`,
    }
  },

  toHaveReachedService(subject) {
    const result = resultOf(subject, 'toHaveReachedService')
    const pass = result.serviceRequests.length > 0
    return { pass, message: () => `expected ${pass ? 'no request' : 'a request'} to the service\n${result.report()}` }
  },

  toHaveCalledPdk(subject, method, ...args) {
    const { pdkCalls } = calledPdkOf(subject, 'toHaveCalledPdk')
    const name = pdkMethodName(method)
    const pass = pdkCalls.some((call) => call.method === name && (args.length === 0 || argumentsFit(call.args, args, equalityOf(this))))
    const wanted = args.length === 0 ? name : `${name}(${showExpected(args)})`
    return { pass, message: () => `expected ${pass ? 'no call' : 'a call'} of ${wanted}\n${formatCalls(pdkCalls)}` }
  },

  toMakeAtMostPdkCalls(subject, count) {
    const { pdkCalls } = calledPdkOf(subject, 'toMakeAtMostPdkCalls')
    const pass = pdkCalls.length <= count
    return {
      pass,
      message: () =>
        `expected ${pass ? 'more than' : 'at most'} ${count} PDK calls, there were ${pdkCalls.length}\n${formatCalls(pdkCalls)}`,
    }
  },

  toHaveNoHandlerErrors(subject) {
    const result = resultOf(subject, 'toHaveNoHandlerErrors')
    const pass = result.errors.length === 0
    return { pass, message: () => `expected ${pass ? 'a handler' : 'no handler'} to fail\n${result.report()}` }
  },
}

/** vitest and jest pass their own comparison, which knows `expect.any` at any depth. */
function equalityOf(context: unknown): Equality {
  if (typeof context !== 'object' || context === null || !('equals' in context) || typeof context.equals !== 'function')
    return isDeepStrictEqual
  const { equals } = context
  return (actual, expected) => equals(actual, expected) === true
}

function listHeaders(message: { readonly headerLines: readonly (readonly [string, string])[] } | undefined): string {
  return message === undefined ? 'the client got no response' : message.headerLines.map(([name, value]) => `${name}: ${value}`).join('\n')
}

/** What matchers use of a result: of a plugin test, or of a scenario in any place. */
interface MatchedResult extends Exchange {
  readonly exited: boolean
  readonly pdkCalls: readonly PdkCallRecord[]
  readonly errors: readonly HandlerError[]
  report(): string
}

/** Anything with a history of PDK calls: a result, or a mock PDK. */
interface CalledPdk {
  readonly pdkCalls: readonly PdkCallRecord[]
}

/** @throws KongTsError (ERR_TEST) when the value is not the result of a run. */
function resultOf(subject: unknown, matcher: string): MatchedResult {
  if (isResult(subject)) return subject
  throw wrongSubject(subject, matcher, 'the result of run()')
}

/** @throws KongTsError (ERR_TEST) when the value has no PDK calls. */
function calledPdkOf(subject: unknown, matcher: string): CalledPdk {
  if (isCalledPdk(subject)) return subject
  throw wrongSubject(subject, matcher, 'the result of run(), or a mock PDK')
}

/**
 * The message whose headers a matcher looks at: a message itself, or the client's response of a result. undefined when the client got none.
 *
 * @throws KongTsError (ERR_TEST) when the value is neither a result nor a message.
 */
function messageOf(subject: unknown, matcher: string): TestMessage | undefined {
  if (subject instanceof TestMessage) return subject
  if (isResult(subject)) return subject.response
  throw wrongSubject(subject, matcher, 'the result of run(), its response, or its serviceRequest')
}

function isResult(subject: unknown): subject is MatchedResult {
  return typeof subject === 'object' && subject !== null && 'serviceRequests' in subject && 'report' in subject
}

function isCalledPdk(subject: unknown): subject is CalledPdk {
  return typeof subject === 'object' && subject !== null && 'pdkCalls' in subject
}

function wrongSubject(subject: unknown, matcher: string, wanted: string): KongTsError {
  return new KongTsError('ERR_TEST', `${matcher} needs ${wanted}, and got ${described(subject)}`)
}

function described(subject: unknown): string {
  if (typeof subject === 'object' && subject !== null && 'then' in subject) return 'a promise: await it first'
  if (subject === undefined) return 'undefined: print result.report() to see whether there was a response, or a request to the service'
  return `${subject === null ? 'null' : `a value of type ${typeof subject}`}: pass it that`
}
