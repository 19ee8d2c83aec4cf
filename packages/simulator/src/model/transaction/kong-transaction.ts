import type {
  ArrivedBody,
  ClientResponse,
  PassedBody,
  ResponseHead,
  ServiceFailure,
  ServiceHead,
  ServiceRequest,
  ServiceResponse,
  SocketAddress,
  UnfinishedBody,
} from '../http/messages.js'
import type { LuaTable, LuaValue } from '@kong-ts/schema/lua'
import type { KongEntity } from '../node/kong-node.js'

/** Phases of one HTTP request in which plugins run. */
export type TransactionPhase = 'rewrite' | 'access' | 'response' | 'log'

/** Phases of a connection: of its TLS handshake, and of one that is no HTTP. */
export type ConnectionPhase = 'certificate' | 'preread'

/** What Kong does with one PDK call. */
export type PdkAnswer =
  /** A Step: `step` is its method name (whatever a `_method` key made of it), nil values travel without Data. */
  | { readonly outcome: 'answered'; readonly step: LuaValue; readonly value: LuaValue }
  /** The Lua function raised: Kong never answers, and the request fails as `Transaction.next` then tells. */
  | { readonly outcome: 'raised'; readonly message: string }
  /** `kong.response.exit` or `error`: never answered, the phase is over for every plugin. */
  | { readonly outcome: 'final' }
  /** The call hangs; the client gets nothing. */
  | { readonly outcome: 'never' }

/** Which plugin configuration makes a call. */
export interface CallingPlugin {
  readonly name: string
  /** Id of the plugin entity. */
  readonly id: string
}

/** What the router found. */
export interface RouteMatch {
  readonly route: KongEntity
  readonly service?: KongEntity
  /** The part of the path that is cut off (`strip_path`), when there is one. */
  readonly prefix?: string
  /** Captures of a regex path: `unnamed[0]` is the whole match; a group that did not take part is absent. */
  readonly captures?: { readonly unnamed: readonly (string | undefined)[]; readonly named: ReadonlyMap<string, string> }
}

/** What the router needs to know. */
export interface RouteQuestion {
  readonly scheme: 'http' | 'https'
  readonly method: string
  /** As the client sent it, port included. */
  readonly host: string
  /** Normalised path. */
  readonly path: string
  /** All values of a header, looked up as `ngx.req.get_headers` does: with `_` first, else with `-`. */
  header(name: string): readonly string[]
  readonly serverName?: string
  /** Where the client is, as far as Kong may believe it; without a port when a header told. */
  readonly source: { readonly ip: string; readonly port: number | undefined }
  /** The end the client asked; the port as clients see it. */
  readonly destination: SocketAddress
}

/**
 * What the driver has to do next; see {@link KongTransaction.next}. `read-body`, `pass` and `tunnel` come only to drivers that leave bodies
 * on their connections.
 */
export type NextStep =
  /** Run the handlers of this phase, plugin by plugin, until they are done or `interrupted` is true. Then call `next` again. */
  | { readonly do: 'phase'; readonly phase: TransactionPhase }
  /** Match a route and call `routed`. */
  | { readonly do: 'route'; readonly question: RouteQuestion }
  /** Read the client's body, which was announced with `bodyFollows`, and call `bodyArrived`. */
  | { readonly do: 'read-body' }
  /** Send this request and call `serviceAnswered`. Comes again for each retry. */
  | { readonly do: 'proxy'; readonly request: ServiceRequest }
  /** Send this to the client. The log phase follows. */
  | { readonly do: 'respond'; readonly response: ClientResponse }
  /**
   * Send this head, then the body of the service's answer while it comes, and call `passed`. Comes only where `serviceAnswered` was given
   * a head alone. `flushes`: every piece at once, as without nginx's response buffering. The log phase follows.
   */
  | { readonly do: 'pass'; readonly response: ResponseHead; readonly flushes: boolean }
  /** Send this head, carry bytes both ways until one side ends, and call `passed`. Comes instead of `pass` when protocols are switched. */
  | { readonly do: 'tunnel'; readonly response: ResponseHead }
  | { readonly do: 'done' }

/** A line of Kong's error.log. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'notice' | 'warn' | 'error' | 'crit' | 'alert' | 'emerg'
  /** Without time, process and connection. */
  readonly text: string
}

/**
 * One client request going through Kong. The driver (mock or gateway) asks `next` what to do, does it, reports, and asks again,
 * so the order of the phases and what ends them is decided in one place.
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
  next(): NextStep
  /** The phase being run, undefined before the first one. */
  readonly phase: TransactionPhase | undefined
  /** True when no further handler of the current phase may run (exit, error, a raise). */
  readonly interrupted: boolean
  /** The route and service matched, once known. */
  readonly match: RouteMatch | undefined
  /** The consumer an authentication plugin chose. */
  readonly consumer: LuaValue
  routed(match: RouteMatch | undefined): void
  /**
   * The service's answer: whole, its head alone where the driver can pass the body on (never while `buffered`), or why there is none.
   */
  serviceAnswered(answer: ServiceResponse | ServiceHead | ServiceFailure | UnfinishedBody): void
  /** What became of a body that was passed on, or of a tunnel. */
  passed(body: PassedBody): void
  /** True when this PDK function wants to see the client's body, and it is still to be read: read it and call `bodyArrived` first. */
  needsBody(method: string): boolean
  /** `client_max_body_size` in bytes; Infinity without a limit. More need not be read of a body. */
  readonly maxBodyBytes: number
  /** The client's body, read because a step or `needsBody` asked for it. */
  bodyArrived(body: ArrivedBody): void
  /** How much of the client's body came in all. @param wireBytes what it took on the wire, framing included. */
  bodyReceived(wireBytes: number): void
  /** The body that nginx has put into a temporary file, and the path plugins are told; undefined when there is none. */
  readonly spilledBody: { readonly path: string; readonly content: Uint8Array } | undefined
  /** One PDK call. `args` is the list as the plugin server sent it; nil holes are treated as Kong treats them. */
  pdkCall(plugin: CallingPlugin, method: string, args: readonly LuaValue[]): PdkAnswer
  /** A handler failed in Kong itself, outside a PDK call (start error, broken protocol): the request fails as for a raise. */
  fail(plugin: CallingPlugin, message: string): void
  /** True from the start of access when a plugin with a response handler takes part. Set it before the service is asked. */
  buffered: boolean
  /** The record of `kong.log.serialize` as JSON text; undefined before the log phase. */
  serialized(): string | undefined
  /** Runs a handler of a plugin that comes with Kong (see `BUNDLED_PLUGINS`) in the current phase. */
  runBundled(plugin: { readonly name: string }, config: LuaTable): void
  /** Lines written to error.log so far, filtered by the log level. */
  readonly logLines: readonly LogLine[]
}
