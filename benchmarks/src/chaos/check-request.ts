/** What a request asks of the plugin. */
export const HOWS = ['pass', 'slow', 'deny', 'throw', 'unawaited', 'hang'] as const
export type How = (typeof HOWS)[number]

/** What became of one request. */
export interface ChaosRequest {
  readonly id: string
  readonly how: How
  /** The client went away early: it saw nothing. */
  readonly aborted: boolean
  readonly status: number | undefined
  /** The plugin's mark on the response. */
  readonly mark: string | null
  readonly body: string
  /** A plugin server was dead, or was killed, between the beginning and the end of the request. */
  readonly serverDied: boolean
  /** A live server had it in hand. */
  readonly handled: boolean
  readonly reachedUpstream: boolean
  /** The plugin's mark as the upstream saw it. */
  readonly upstreamMark: string | undefined
}

const STATUS: Readonly<Record<How, number>> = { pass: 200, slow: 200, deny: 403, throw: 500, unawaited: 200, hang: 504 }
const MAY_PASS: ReadonlySet<How> = new Set(['pass', 'slow', 'unawaited'])

/**
 * Tells what is wrong with the outcome of a request, `undefined` when nothing is.
 *
 * While the server is dead Kong itself lets MsgPack requests pass, so of those only cross-talk is asked; whatever a live server had in hand from
 * beginning to end must have the one outcome that its handler means.
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
  // On a machine that is too busy any handler may pass its deadline: that fails closed, too.
  if (!aborted && status !== STATUS[how] && status !== 504) return `${how} ${id}: status ${status}, expected ${STATUS[how]}`
  return undefined
}
