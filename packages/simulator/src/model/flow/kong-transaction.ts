import type { LuaTable, LuaValue } from '@kong-ts/schema/lua'
import type {
  ArrivedBody,
  ClientResponse,
  PassedBody,
  ResponseHead,
  ServiceFailure,
  ServiceHead,
  ServiceRequest,
  ServiceResponse,
  UnfinishedBody,
} from '../http/messages.js'
import type { PdkAnswer } from '../pdk/answer-call.js'
import type { RouteMatch, RouteQuestion } from '../request/route-question.js'
import type { LogLine } from '../state/error-log.js'
import type { CallingPlugin, TransactionPhase } from '../state/transaction-state.js'

/**
 * What the driver has to do next, see {@link KongTransaction.next}. A driver gets `read-body`, `pass` and `tunnel` only when it leaves bodies
 * on their connections.
 */
export type NextStep =
  /** Run the handlers of this phase, plugin by plugin. Stop when `interrupted` is true. */
  | { readonly do: 'phase'; readonly phase: TransactionPhase }
  /** Match a route, and call `routed`. */
  | { readonly do: 'route'; readonly question: RouteQuestion }
  /** Read the client's body, which `bodyFollows` announced, and call `bodyArrived`. */
  | { readonly do: 'read-body' }
  /** Send this request, and call `serviceAnswered`. Each retry is a step of its own. */
  | { readonly do: 'proxy'; readonly request: ServiceRequest }
  /** Send this to the client. The log phase follows. */
  | { readonly do: 'respond'; readonly response: ClientResponse }
  /**
   * Send this head, pass the body of the service's answer on while it arrives, and call `passed`. Follows when `serviceAnswered` got a
   * head without a body. `flushes`: send each piece at once, as nginx does without response buffering. The log phase follows.
   */
  | { readonly do: 'pass'; readonly response: ResponseHead; readonly flushes: boolean }
  /** Send this head, carry bytes both ways until one side ends, and call `passed`. Takes the place of `pass` when the protocol is switched. */
  | { readonly do: 'tunnel'; readonly response: ResponseHead }
  /** The request is over. */
  | { readonly do: 'done' }

/**
 * One client request on its way through Kong. The driver (the tests in memory, or the gateway) asks `next` what to do, does it, reports the
 * result and asks again. So the model alone decides the order of the phases and what ends them.
 *
 * ```ts
 * for (;;) {
 *   const step = transaction.next()
 *   if (step.do === 'phase') await runHandlers(step.phase, transaction)
 *   else if (step.do === 'route') transaction.routed(router.match(step.question))
 *   else if (step.do === 'proxy') transaction.serviceAnswered(await send(step.request))
 *   else if (step.do === 'respond') await sendToClient(step.response)
 *   else break
 * }
 * ```
 */
export interface KongTransaction {
  /** Tells what the driver has to do next. To be called when the step before is done and reported. */
  next(): NextStep
  /** The current phase; undefined before the first one. */
  readonly phase: TransactionPhase | undefined
  /** True when no further handler of the current phase may run: after an exit, an error or a raise. */
  readonly interrupted: boolean
  /** The matched route and service, once the router told them. */
  readonly match: RouteMatch | undefined
  /** The consumer that authentication chose. */
  readonly consumer: LuaValue
  /** Reports the router's answer; undefined when no route matches. */
  routed(match: RouteMatch | undefined): void
  /**
   * Reports the service's answer, or why there is none. A driver that passes bodies on reports the head alone, except while `buffered` is
   * true.
   */
  serviceAnswered(answer: ServiceResponse | ServiceHead | ServiceFailure | UnfinishedBody): void
  /** Reports the end of a body that was passed on, or of a tunnel. */
  passed(body: PassedBody): void
  /** True when this PDK function reads the client's body, and the body is still on the connection: call `bodyArrived` before the PDK call. */
  needsBody(method: string): boolean
  /** `client_max_body_size` in bytes; Infinity without a limit. The driver can stop reading a longer body. */
  readonly maxBodyBytes: number
  /** Reports the client's body, which a step or `needsBody` asked for. */
  bodyArrived(body: ArrivedBody): void
  /** Reports the length of the client's whole body. @param wireBytes bytes on the wire, framing included. */
  bodyReceived(wireBytes: number): void
  /** The body that nginx wrote to a temporary file, and the path that plugins see; undefined when there is no file. */
  readonly spilledBody: { readonly path: string; readonly content: Uint8Array } | undefined
  /** Makes one PDK call. @param args the list as the plugin server sent it. A nil value can cut it, as in Kong. */
  pdkCall(plugin: CallingPlugin, method: string, args: readonly LuaValue[]): PdkAnswer
  /** Reports that a handler failed outside a PDK call, such as by a broken protocol. The request fails as after a raise. */
  fail(plugin: CallingPlugin, message: string): void
  /** True when Kong buffers the service's response. The driver sets it before access when a plugin has a response handler. */
  buffered: boolean
  /** The record of `kong.log.serialize` as JSON text; undefined before the log phase. */
  serialized(): string | undefined
  /** Runs the handler of a bundled plugin (see `BUNDLED_PLUGINS`) for the current phase. */
  runBundled(plugin: { readonly name: string }, config: LuaTable): void
  /** The lines of error.log so far, without those below the node's log level. */
  readonly logLines: readonly LogLine[]
}
