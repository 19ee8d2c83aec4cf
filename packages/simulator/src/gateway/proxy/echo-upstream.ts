import type { RouteMatch, ServiceRequest, ServiceResponse, UnfinishedBody } from '../../model/index.js'
import { stableId } from '../entities/collect-entities.js'
import { luaEntity } from '../entities/declarative-config.js'
import { ENTITY_KINDS } from '../entities/entity-kinds.js'
import { readWholeBody } from '../http/body-pieces.js'
import { headerValues } from '../http/message-head.js'
import type { AskingClient } from '../http/waiting-client.js'

/** Host of the upstream that is built into the gateway. */
export const ECHO_HOST = 'echo.kong-ts'

const ECHO_SERVICE = luaEntity({
  ...ENTITY_KINDS.services.defaults,
  id: stableId('services echo.kong-ts'),
  name: 'echo',
  host: ECHO_HOST,
})

/** Gives a route without service the built-in echo upstream as service. */
export function withEchoService(match: RouteMatch | undefined): RouteMatch | undefined {
  return match === undefined || match.service !== undefined ? match : { ...match, service: ECHO_SERVICE }
}

/** True for a request that goes to the built-in upstream. */
export function goesToEcho(request: ServiceRequest): boolean {
  return request.host === ECHO_HOST
}

/** Greatest body that is accepted. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Answers with a JSON text of the request: method, path, query, headers with names in lower case, and the body, as `body_base64` when it is
 * not UTF-8. Answers 501 to a request with `Upgrade`, because it cannot switch protocols.
 */
export async function answerEcho(request: ServiceRequest, client: AskingClient): Promise<ServiceResponse | UnfinishedBody> {
  const upgrade = headerValues(request.headers, 'upgrade')
  if (upgrade.length > 0) return jsonResponse(request, 501, 'Not Implemented', { message: NO_UPGRADE, upgrade })
  const { bytes, end } = request.passesBody
    ? await readWholeBody(client.body, client.bodyTimeoutMs, Math.min(MOST_BYTES, client.maxBodyBytes))
    : { bytes: Buffer.from(request.body), end: 'complete' as const }
  if (end !== 'complete') return { bodyFault: end }
  const [path = '', query = ''] = request.target.split(/\?(.*)/s)
  const headers: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase()
    const before = headers[key]
    headers[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  const text = bytes.toString('utf8')
  const body = Buffer.from(text, 'utf8').equals(bytes) ? { body: text } : { body_base64: bytes.toString('base64') }
  return jsonResponse(request, 200, 'OK', { method: request.method, path, query, headers, ...body })
}

const NO_UPGRADE = 'the echo upstream of kong-ts cannot switch protocols; give the route a service that can'

function jsonResponse(request: ServiceRequest, status: number, reason: string, value: unknown): ServiceResponse {
  const json = Buffer.from(`${JSON.stringify(value)}\n`, 'utf8')
  return {
    httpVersion: '1.1',
    status,
    reason,
    headers: [
      ['Content-Type', 'application/json'],
      ['Content-Length', String(json.length)],
    ],
    body: request.method === 'HEAD' ? Buffer.alloc(0) : json,
  }
}
