/** What a request makes the plugin do. */
export const HOWS = ['pass', 'slow', 'deny', 'throw', 'unawaited', 'hang'] as const
export type How = (typeof HOWS)[number]

/** The outcome of one request. */
export interface ChaosRequest {
  readonly id: string
  readonly how: How
  /** The client closed the connection early and got no answer. */
  readonly aborted: boolean
  readonly status: number | undefined
  /** The plugin's mark on the response. */
  readonly mark: string | null
  readonly body: string
  /** A plugin server was dead, or was killed, between the beginning and the end of the request. */
  readonly serverDied: boolean
  /** A live server handled it. */
  readonly handled: boolean
  readonly reachedUpstream: boolean
  /** The plugin's mark on the request at the upstream. */
  readonly upstreamMark: string | undefined
}

const STATUS: Readonly<Record<How, number>> = { pass: 200, slow: 200, deny: 403, throw: 500, unawaited: 200, hang: 504 }
const MAY_PASS: ReadonlySet<How> = new Set(['pass', 'slow', 'unawaited'])

/**
 * The fault in the outcome of a request; `undefined` when there is none.
 *
 * While the server is dead, Kong lets MsgPack requests pass, so these are checked only for data of other requests. A request that a live server
 * handled from beginning to end must have the outcome of its handler.
 */
export function faultOf(request: ChaosRequest): string | undefined {
  const { id, how, aborted, status, mark, body, serverDied, handled, reachedUpstream, upstreamMark } = request
  if (mark !== null && mark !== id) return `${how} ${id}: marked as ${mark}`
  if (upstreamMark !== undefined && upstreamMark !== id) return `${how} ${id}: marked as ${upstreamMark} upstream`
  if (status === 200 && body !== id) return `${how} ${id}: got the body of ${body}`
  if (serverDied) return undefined
  if (!handled && !aborted) return `${how} ${id}: passed by a live server unseen, status ${status}`
  if (reachedUpstream && upstreamMark === undefined) return `${how} ${id}: reached the upstream unprotected`
  if (reachedUpstream && !MAY_PASS.has(how)) return `${how} ${id}: reached the upstream although its handler failed or denied it`
  // On a busy machine any handler may exceed its deadline, and then the request fails closed.
  if (!aborted && status !== STATUS[how] && status !== 504) return `${how} ${id}: status ${status}, expected ${STATUS[how]}`
  return undefined
}
