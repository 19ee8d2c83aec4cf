import { KongTsError } from '@kong-ts/core'
import type { PdkCallRecord } from '../mock-pdk/pdk-call-record.js'
import type { HandlerError } from './plugin-test-result.js'
import type { Exchange } from './report-exchange.js'
import { TestMessage } from './test-message.js'

/** A result as matchers see it: of a plugin test, or of a scenario wherever it ran. */
export interface MatchedResult extends Exchange {
  readonly exited: boolean
  readonly pdkCalls: readonly PdkCallRecord[]
  readonly errors: readonly HandlerError[]
  report(): string
}

/** Whatever has a history of PDK calls: a result, or a mock PDK. */
export interface CalledPdk {
  readonly pdkCalls: readonly PdkCallRecord[]
}

/** @throws KongTsError (ERR_TEST) when the value is no result of a run. */
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
 * The message whose headers are meant: the client's response for a result; undefined when the client got none.
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
  return new KongTsError('ERR_TEST', `${matcher} looks at ${wanted}, and was given ${described(subject)}`)
}

function described(subject: unknown): string {
  if (typeof subject === 'object' && subject !== null && 'then' in subject) return 'a promise: await it first'
  if (subject === undefined) return 'undefined: print result.report() to see whether there was a response, or a request to the service'
  return `${subject === null ? 'null' : `a ${typeof subject}`}: pass it that`
}
