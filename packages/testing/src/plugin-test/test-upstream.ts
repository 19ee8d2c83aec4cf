import type { ServiceFailure, ServiceRequest, ServiceResponse } from '@kong-ts/simulator'
import { bodyBytes, headerLines, type TestHeaders } from './test-request.js'
import { TestServiceRequest } from './test-message.js'

/** What a service answers, as a test writes it: `200` with an empty body by default. */
export interface TestUpstreamResponse {
  readonly status?: number
  readonly reason?: string
  readonly headers?: TestHeaders
  /** Text, bytes, or any other value to be sent as JSON. */
  readonly body?: unknown
}

/** A service's answer, its failure, or a function of the request Kong sends to it. */
export type TestUpstream =
  | TestUpstreamResponse
  | ServiceFailure
  | ((request: TestServiceRequest) => TestUpstreamResponse | ServiceFailure | Promise<TestUpstreamResponse | ServiceFailure>)

/** Asks a test's service. */
export async function askUpstream(
  upstream: TestUpstream,
  request: ServiceRequest,
): Promise<{ readonly seen: TestServiceRequest; readonly answer: ServiceResponse | ServiceFailure }> {
  const seen = new TestServiceRequest(
    request.method,
    request.scheme,
    request.host,
    request.port,
    request.target,
    request.headers,
    request.body,
  )
  const answer = typeof upstream === 'function' ? await upstream(seen) : upstream
  return { seen, answer: 'failure' in answer ? answer : serviceResponse(answer, request.method) }
}

/** Completes an answer to what comes off the wire: Content-Length and, for JSON, Content-Type are added when missing. */
export function serviceResponse({ status = 200, reason = '', headers, body }: TestUpstreamResponse, method: string): ServiceResponse {
  const { bytes, isJson } = bodyBytes(body)
  const lines = [...headerLines(headers)]
  const has = (wanted: string): boolean => lines.some(([name]) => name.toLowerCase() === wanted)
  if (isJson && !has('content-type')) lines.unshift(['Content-Type', 'application/json'])
  if (!has('content-length') && !has('transfer-encoding') && status !== 204 && status !== 304)
    lines.push(['Content-Length', String(bytes.length)])
  return { status, reason, headers: lines, body: method === 'HEAD' ? new Uint8Array() : bytes }
}
