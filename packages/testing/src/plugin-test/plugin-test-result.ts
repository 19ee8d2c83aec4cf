import type { Phase, SerializedLog } from '@kong-ts/core'
import type { LogLine } from '@kong-ts/simulator'
import type { PdkCallRecord } from '../mock-pdk/pdk-call-record.js'
import type { TestResponse, TestServiceRequest } from './test-message.js'

/** An error a handler ended with. */
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
  /** The request the service got last; undefined when none was sent. */
  readonly serviceRequest: TestServiceRequest | undefined
  /** All requests to the service, retries included. */
  readonly serviceRequests: readonly TestServiceRequest[]
  /** True when a handler ended the request with `kong.response.exit` or `error`, or failed and the framework did so for it. */
  readonly exited: boolean
  /** The phases in which the plugin's handlers ran. */
  readonly phases: readonly Phase[]
  /** Every PDK call in the order Kong got them. */
  readonly pdkCalls: readonly PdkCallRecord[]
  /** Lines of Kong's error.log, down to the node's log level. */
  readonly logLines: readonly LogLine[]
  /** The record of `kong.log.serialize`; undefined when Kong made none. */
  readonly serialized: SerializedLog | undefined
  /** What handlers threw or rejected with. */
  readonly errors: readonly HandlerError[]
  /** All of it as a text to be printed: what client and service got, errors, the table of PDK calls, log lines. */
  report(): string
}
