import { isIP } from 'node:net'
import { LuaTable } from '@kong-ts/schema/lua'
import type { ServiceFailure, ServiceHead, ServiceRequest, ServiceResponse } from '../http/messages.js'
import { buildServiceRequest } from '../service/build-service-request.js'
import { hashKey } from '../service/hash-key.js'
import { serviceHostIsName } from '../service/prepare-upstream.js'
import type { BalancerTarget } from '../service/upstream-state.js'
import type { TransactionState } from './transaction-state.js'

/** Where one attempt goes, or why there is none. */
export type PeerChoice =
  | { readonly kind: 'peer'; readonly host: string; readonly port: number; readonly hostname: string }
  /** An upstream without a target to use. */
  | { readonly kind: 'no-peer' }
  /** A name where Kong expects an address: only services with a host name have names resolved. */
  | { readonly kind: 'not-an-address' }

const HTTPS_PORTS = new Map([
  ['http', 80],
  ['https', 443],
])
/** nginx asks the next peer again only for methods that may be repeated. */
const NOT_REPEATED = new Set(['POST', 'LOCK', 'PATCH'])

/** The balancer's choice for the next attempt. */
export function choosePeer(state: TransactionState, target: BalancerTarget): PeerChoice {
  const service = state.match?.service
  const named = service instanceof LuaTable && serviceHostIsName(service)
  if (!named)
    return isIP(target.host.replace(/^\[(.*)\]$/, '$1')) === 0
      ? { kind: 'not-an-address' }
      : { kind: 'peer', host: target.host, port: target.port, hostname: target.host }
  const upstream = state.node.upstreams.get(target.host)
  if (!upstream) return { kind: 'peer', host: target.host, port: target.port, hostname: target.host }
  if (state.upstream.tries.length === 0) state.upstream.hashKey = hashKey(state, upstream.hashSources)
  const tried = state.upstream.tries.map(({ ip, port }) => ({ host: ip, port }))
  const next = upstream.next(tried, state.upstream.hashKey)
  return next ? { kind: 'peer', host: next.host, port: next.port, hostname: upstream.hostHeader ?? next.host } : { kind: 'no-peer' }
}

/** Sets the Host header of the service unless a plugin or the route did: name or address, and the port when it is not the scheme's. */
export function setServiceHost({ upstream }: TransactionState, hostname: string, port: number): void {
  const usual = HTTPS_PORTS.get(upstream.scheme)
  upstream.host = port === usual ? hostname : `${hostname}:${port}`
}

/** Notes an attempt and builds its request. */
export function startAttempt(
  state: TransactionState,
  target: BalancerTarget,
  peer: { readonly host: string; readonly port: number },
): ServiceRequest {
  state.upstream.tries.push({ ip: peer.host, port: peer.port, startedAt: state.node.now() })
  return buildServiceRequest(state, { ...peer, target })
}

/** The status nginx makes of a failure. */
export function failureStatus(failure: ServiceFailure['failure']): number {
  return failure === 'connect-timeout' || failure === 'read-timeout' ? 504 : 502
}

/** Whether nginx tries again after this failure: never once a part of a body that is passed on went out. */
export function mayRetry(state: TransactionState, target: BalancerTarget, failure: ServiceFailure['failure']): boolean {
  if (state.upstream.tries.length > target.retries) return false
  const sent = failure !== 'refused' && failure !== 'connect-timeout'
  return !(sent && (state.request.body.isAwaited || NOT_REPEATED.has(state.request.method)))
}

/** Appends a status to `$upstream_status`. */
export function noteUpstreamStatus({ upstream }: TransactionState, status: number): void {
  const text = String(status).padStart(3, '0')
  upstream.status = upstream.status === undefined ? text : `${upstream.status}, ${text}`
}

/** Notes which address a name led to. */
export function noteAddress({ upstream }: TransactionState, address: string): void {
  const last = upstream.tries.at(-1)
  if (last) last.ip = address
}

/** True when there was an answer. */
export function isServiceAnswer(answer: ServiceResponse | ServiceHead | ServiceFailure): answer is ServiceResponse | ServiceHead {
  return 'status' in answer
}
