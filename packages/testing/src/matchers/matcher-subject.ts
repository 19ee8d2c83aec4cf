import { KongTsError } from '@kong-ts/core'
import type { Exchange } from '../exchange/exchange.js'
import { TestMessage } from '../exchange/test-message.js'
import type { PdkCallRecord } from '../mock-pdk/pdk-call-record.js'
import type { HandlerError } from '../plugin-test/plugin-test-result.js'

/** What matchers use of a result: of a plugin test, or of a scenario in any place. */
export interface MatchedResult extends Exchange {
  readonly exited: boolean
  readonly pdkCalls: readonly PdkCallRecord[]
  readonly errors: readonly HandlerError[]
  report(): string
}

/** Anything with a history of PDK calls: a result, or a mock PDK. */
export interface CalledPdk {
  readonly pdkCalls: readonly PdkCallRecord[]
}

/** @throws KongTsError (ERR_TEST) when the value is not the result of a run. */
export function resultOf(subject: unknown, matcher: string): MatchedResult {
  if (isResult(subject)) return subject
  throw wrongSubject(subject, matcher, 'the result of run()')
}

/** @throws KongTsError (ERR_TEST) when the value has no PDK calls. */
export function calledPdkOf(subject: unknown, matcher: string): CalledPdk {
  if (isCalledPdk(subject)) return subject
  throw wrongSubject(subject, matcher, 'the result of run(), or a mock PDK')
}

/**
 * The message whose headers a matcher looks at: a message itself, or the client's response of a result. undefined when the client got none.
 *
 * @throws KongTsError (ERR_TEST) when the value is neither a result nor a message.
 */
export function messageOf(subject: unknown, matcher: string): TestMessage | undefined {
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
