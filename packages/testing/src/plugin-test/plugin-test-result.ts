import type { Phase, SerializedLog } from '@kong-ts/core'
import type { LogLine } from '@kong-ts/simulator'
import { reportExchange } from '../exchange/exchange.js'
import type { TestResponse, TestServiceRequest } from '../exchange/test-message.js'
import { formatCalls, type PdkCallRecord } from '../mock-pdk/pdk-call-record.js'

/** An error with which a handler ended. */
export interface HandlerError {
  readonly phase: Phase
  readonly error: unknown
}

/** What one request did. */
export interface PluginTestResult {
  /** What the client got; undefined when it got nothing, see `connection`. */
  readonly response: TestResponse | undefined
  /** `closed`: Kong closed the connection without one byte. `silent`: the client waits for ever. */
  readonly connection: 'response' | 'closed' | 'silent'
  /** The last request that the service got; undefined when none was sent. */
  readonly serviceRequest: TestServiceRequest | undefined
  /** All requests to the service, retries included. */
  readonly serviceRequests: readonly TestServiceRequest[]
  /** True when a handler ended the request with `kong.response.exit` or `error`, or failed and the framework ended it. */
  readonly exited: boolean
  /** The phases in which the plugin's handlers ran. */
  readonly phases: readonly Phase[]
  /** Every PDK call, in the order in which Kong got them. */
  readonly pdkCalls: readonly PdkCallRecord[]
  /** Lines of Kong's error.log, down to the node's log level. */
  readonly logLines: readonly LogLine[]
  /** The record of `kong.log.serialize`; undefined when Kong made none. */
  readonly serialized: SerializedLog | undefined
  /** What handlers threw, or rejected with. */
  readonly errors: readonly HandlerError[]
  /** Everything as a text to be printed: what client and service got, errors, the table of PDK calls, log lines. */
  report(): string
}

/** The text of {@link PluginTestResult.report}. */
export function reportRun(result: Omit<PluginTestResult, 'report'>): string {
  const { errors, logLines, pdkCalls } = result
  return [
    reportExchange(result),
    ...errors.map(({ phase, error }) => `${phase} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    formatCalls(pdkCalls),
    ...logLines.map(({ level, text }) => `[${level}] ${text}`),
  ].join('\n')
}
