import type { ServiceFailure, ServiceRequest, ServiceResponse } from '@kong-ts/simulator'
import { bodyBytes, headerLines, type TestHeaders } from './test-request.js'
import { TestServiceRequest } from './test-message.js'

/** The answer of a service. Default: 200 with an empty body. */
export interface TestUpstreamResponse {
  readonly status?: number
  readonly reason?: string
  readonly headers?: TestHeaders
  /** Text, bytes, or any other value, which is sent as JSON. */
  readonly body?: unknown
}

/** The answer of a service, its failure, or a function of the request that Kong sends to it. */
export type TestUpstream =
  | TestUpstreamResponse
  | ServiceFailure
  | ((request: TestServiceRequest) => TestUpstreamResponse | ServiceFailure | Promise<TestUpstreamResponse | ServiceFailure>)

/** Asks the service of a test. */
export async function askUpstream(
  upstream: TestUpstream,
  request: ServiceRequest,
): Promise<{ readonly seen: TestServiceRequest; readonly answer: ServiceResponse | ServiceFailure }> {
  const seen = new TestServiceRequest(request)
  const answer = typeof upstream === 'function' ? await upstream(seen) : upstream
  return { seen, answer: 'failure' in answer ? answer : serviceResponse(answer, request.method) }
}

/** Completes an answer to one that Kong reads: adds Content-Length and, for JSON, Content-Type when they are missing. */
export function serviceResponse({ status = 200, reason = '', headers, body }: TestUpstreamResponse, method: string): ServiceResponse {
  const { bytes, isJson } = bodyBytes(body)
  const lines = [...headerLines(headers)]
  function has(wanted: string): boolean {
    return lines.some(([name]) => name.toLowerCase() === wanted)
  }
  if (isJson && !has('content-type')) lines.unshift(['Content-Type', 'application/json'])
  if (!has('content-length') && !has('transfer-encoding') && status !== 204 && status !== 304)
    lines.push(['Content-Length', String(bytes.length)])
  return { status, reason, headers: lines, body: method === 'HEAD' ? new Uint8Array() : bytes }
}
