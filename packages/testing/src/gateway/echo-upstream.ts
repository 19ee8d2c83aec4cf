import type { RouteMatch, ServiceRequest, ServiceResponse } from '../kong/index.js'
import { luaEntity } from './entities/lua-entity.js'
import { ENTITY_KINDS } from './entities/entity-kinds.js'
import { stableId } from './entities/stable-id.js'

/** Host of the upstream built into the gateway. */
export const ECHO_HOST = 'echo.kong-ts'

const ECHO_SERVICE = luaEntity({
  ...ENTITY_KINDS.services.defaults,
  id: stableId('services echo.kong-ts'),
  name: 'echo',
  host: ECHO_HOST,
})

/** The match with the built-in echo upstream as service where the route has none. */
export function withEchoService(match: RouteMatch | undefined): RouteMatch | undefined {
  return match === undefined || match.service !== undefined ? match : { ...match, service: ECHO_SERVICE }
}

/** True for a request that goes to the built-in upstream. */
export function goesToEcho(request: ServiceRequest): boolean {
  return request.host === ECHO_HOST
}

/**
 * Answers with a JSON text of what the upstream got: method, path, query, headers with lower-case names, body (base64 when it is no
 * UTF-8).
 */
export function answerEcho(request: ServiceRequest): ServiceResponse {
  const [path = '', query = ''] = request.target.split(/\?(.*)/s)
  const headers: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase()
    const before = headers[key]
    headers[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  const bytes = Buffer.from(request.body)
  const text = bytes.toString('utf8')
  const body = Buffer.from(text, 'utf8').equals(bytes) ? { body: text } : { body_base64: bytes.toString('base64') }
  const json = Buffer.from(`${JSON.stringify({ method: request.method, path, query, headers, ...body })}\n`, 'utf8')
  return {
    httpVersion: '1.1',
    status: 200,
    reason: 'OK',
    headers: [
      ['Content-Type', 'application/json'],
      ['Content-Length', String(json.length)],
    ],
    body: request.method === 'HEAD' ? Buffer.alloc(0) : json,
  }
}
