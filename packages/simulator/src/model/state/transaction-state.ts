import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import type { HeaderValues } from '../http/header-lines.js'
import type { ClientRequest, HeaderList } from '../http/messages.js'
import type { KongNode } from '../node/kong-node.js'
import { RequestState } from '../request/request-state.js'
import type { RouteMatch } from '../request/route-question.js'
import { ResponseState } from './response-state.js'
import { ErrorLog } from './error-log.js'
import { UpstreamState } from './upstream-state.js'

/** The phases of an HTTP request in which plugins run. */
export type TransactionPhase = 'rewrite' | 'access' | 'response' | 'log'

/** The phases of a connection: of its TLS handshake, and of a connection without HTTP. */
export type ConnectionPhase = 'certificate' | 'preread'

/** The plugin configuration that makes a PDK call. */
export interface CallingPlugin {
  readonly name: string
  /** The id of the plugin entity. */
  readonly id: string
}

/** How `kong.response.exit` or `kong.response.error` ends a request. */
export interface PluginExit {
  readonly status: number
  readonly body: string | LuaTable | undefined
  /** Checked and normalised. undefined when none were given. */
  readonly headers: HeaderValues | undefined
}

/** A change that `kong.log.set_serialize_value` makes to the log record. */
export interface SerializeEdit {
  readonly key: string
  readonly value: LuaValue
  readonly mode: 'set' | 'add' | 'replace'
}

/** A service's response that Kong holds back for the response phase. */
export interface BufferedResponse {
  readonly status: number
  /** Values by name, with the service's spelling. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
}

/** What log handlers see. It is collected before they run, because nginx's request no longer exists then. */
interface LogSnapshot {
  readonly requestHeaders: LuaTable
  readonly responseHeaders: LuaTable
  readonly status: number
  /** The record of `kong.log.serialize` as JSON text; undefined when it cannot be encoded. */
  readonly record: string | undefined
}

/** Everything that PDK functions read and change during one request or connection. */
export class TransactionState {
  readonly request: RequestState
  readonly response = new ResponseState()
  readonly upstream = new UpstreamState()
  /** `ngx.ctx`: Kong's own members and those that plugins set. */
  readonly ctx = new LuaTable()
  /** `kong.ctx.shared`. */
  readonly shared = new LuaTable()
  readonly log: ErrorLog
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly times: RequestTimes
  readonly serializeEdits: SerializeEdit[] = []
  /** `stream` for a connection without HTTP. */
  subsystem: 'http' | 'stream' = 'http'
  match: RouteMatch | undefined
  /** The plugin that made the last PDK call. */
  plugin: CallingPlugin | undefined
  /** An exit called in access. Kong carries it out when the phase is over. */
  delayed: PluginExit | undefined
  buffered = false
  bufferedResponse: BufferedResponse | undefined
  snapshot: LogSnapshot | undefined
  /** Reads a header as it was when access began. */
  seenHeader: (name: string) => string | undefined = () => undefined
  /** The header lines of the service's unbuffered response. */
  serviceLines: HeaderList = []
  /** Changes that bundled plugins make to the response's headers when the head is sent. */
  readonly headerFilters: ((state: TransactionState) => void)[] = []
  /** False after `kong.log.inspect.off`. */
  inspects = true
  #phase: TransactionPhase | ConnectionPhase | undefined

  constructor(
    readonly client: ClientRequest,
    readonly node: KongNode,
  ) {
    this.request = new RequestState(client, node)
    this.log = new ErrorLog(node.settings.logLevel)
    this.requestId = node.newRequestId()
    this.startedAt = node.now()
    this.times = new RequestTimes(this.startedAt)
  }

  get phase(): TransactionPhase | ConnectionPhase | undefined {
    return this.#phase
  }

  /** Sets the phase, and its number in `ngx.ctx`, where plugins can read it. */
  set phase(phase: TransactionPhase | ConnectionPhase | undefined) {
    this.#phase = phase
    this.ctx.set('KONG_PHASE', phase && PHASE_NUMBERS[phase])
  }

  /** True when Kong or a plugin ended the request before the service was asked. */
  get exited(): boolean {
    return truthy(this.ctx.get('KONG_EXITED'))
  }

  /** True when an error ended the request. */
  get unexpected(): boolean {
    return truthy(this.ctx.get('KONG_UNEXPECTED'))
  }

  /** True when the request was sent to the service. */
  get proxied(): boolean {
    return truthy(this.ctx.get('KONG_PROXIED'))
  }

  /** `kong.response.get_source`: who made the response. */
  get responseSource(): 'service' | 'exit' | 'error' {
    if (this.unexpected) return 'error'
    if (this.exited) return 'exit'
    return this.proxied ? 'service' : 'error'
  }

  /** The port that clients see: `port_maps` applied to the listener's port. A plugin can change it with `set_ctx`. */
  get hostPort(): LuaValue {
    return this.ctx.get('host_port')
  }

  /** The file in which nginx keeps a body that does not fit into its buffer. nginx names it by a number of ten digits, here made of the id. */
  get bodyFilePath(): string {
    const number = Number.parseInt(this.requestId.slice(0, 8), 16)
    return `${this.node.prefix}/client_body_temp/${String(number).padStart(10, '0')}`
  }
}

/** Kong's numbers of the phases, one bit each. */
const PHASE_NUMBERS: Readonly<Record<TransactionPhase | ConnectionPhase, number>> = {
  certificate: 0x2,
  rewrite: 0x10,
  access: 0x20,
  response: 0x80,
  log: 0x2000,
  preread: 0x4000,
}

/** Lua's truth: every value but nil and false. */
export function truthy(value: LuaValue): boolean {
  return value !== undefined && value !== false
}

/** When the steps of one request ended, in milliseconds since the epoch. Kong computes latencies from these times. */
class RequestTimes {
  /** When the access handlers ended and Kong was about to ask the service. */
  accessEnded: number | undefined
  /** When the head of the service's answer came, or Kong made its own. */
  head: number | undefined
  /** When the last byte of the response was sent. */
  ended: number | undefined

  constructor(readonly started: number) {}

  /** `latencies.kong`: Kong's own time until it asked the service, or answered without it. */
  get kong(): number {
    return elapsed(this.started, this.accessEnded ?? this.head ?? this.started)
  }

  /** `latencies.proxy`: the time until the service's head came; undefined when the service was not asked. */
  get waiting(): number | undefined {
    return this.accessEnded === undefined || this.head === undefined ? undefined : elapsed(this.accessEnded, this.head)
  }

  /** `latencies.receive`: the time from the head to the end of the body. */
  get receive(): number {
    return this.accessEnded === undefined || this.head === undefined || this.ended === undefined ? 0 : elapsed(this.head, this.ended)
  }

  /** `latencies.request`: the time of the whole request. */
  get request(): number {
    return elapsed(this.started, this.ended ?? this.started)
  }
}

function elapsed(from: number, to: number): number {
  return Math.max(0, Math.round(to - from))
}
