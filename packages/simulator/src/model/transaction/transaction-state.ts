import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import type { ClientRequest, HeaderList } from '../http/messages.js'
import type { KongNode } from '../node/kong-node.js'
import { ResponseState } from '../response/response-state.js'
import { UpstreamState } from '../service/upstream-state.js'
import type { CallingPlugin, ConnectionPhase, RouteMatch, TransactionPhase } from './kong-transaction.js'
import { LogWriter } from './log-writer.js'
import { RequestState } from './request-state.js'
import { RequestTimes } from './request-times.js'

/** An exit or error called in access: it is carried out when the phase is over. */
export interface DelayedExit {
  readonly status: number
  readonly body: string | LuaTable | undefined
  readonly headers: LuaTable | undefined
}

/** A change of the log record, applied when it is made. */
export interface SerializeEdit {
  readonly key: string
  readonly value: LuaValue
  readonly mode: 'set' | 'add' | 'replace'
}

/** A service response held back for the response phase. */
export interface BufferedResponse {
  readonly status: number
  /** Values by name in the service's case. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
}

/** What the log phase sees: taken when nginx's log handler runs, the request itself is gone by then. */
export interface LogSnapshot {
  readonly requestHeaders: LuaTable
  readonly responseHeaders: LuaTable
  readonly status: number
  /** The JSON text; undefined when the record cannot be encoded. */
  readonly record: string | undefined
}

/** Kong's own numbers of the phases, one bit each. */
const PHASE_NUMBERS: Readonly<Record<TransactionPhase | ConnectionPhase, number>> = {
  certificate: 0x2,
  rewrite: 0x10,
  access: 0x20,
  response: 0x80,
  log: 0x2000,
  preread: 0x4000,
}

/** Everything PDK functions read and change during one request. */
export class TransactionState {
  readonly request: RequestState
  readonly response = new ResponseState()
  readonly upstream = new UpstreamState()
  /** `ngx.ctx`: Kong's own members and those plugins set. */
  readonly ctx = new LuaTable()
  /** `kong.ctx.shared`. */
  readonly shared = new LuaTable()
  readonly log: LogWriter
  readonly requestId: string
  readonly startedAt: number
  readonly times: RequestTimes
  readonly serializeEdits: SerializeEdit[] = []
  /** nginx's part: stream carries what is no HTTP. */
  subsystem: 'http' | 'stream' = 'http'
  match: RouteMatch | undefined
  plugin: CallingPlugin | undefined
  delayed: DelayedExit | undefined
  buffered = false
  bufferedResponse: BufferedResponse | undefined
  snapshot: LogSnapshot | undefined
  /** Headers as they were when access began. */
  seenHeader: (name: string) => string | undefined = () => undefined
  /** Header lines of the service's unbuffered response. */
  serviceLines: HeaderList = []
  /** What bundled plugins do to the response's headers when they go out. */
  readonly headerFilters: ((state: TransactionState) => void)[] = []
  /** `kong.log.inspect.off`. */
  inspects = true
  private currentPhase: TransactionPhase | ConnectionPhase | undefined

  constructor(
    readonly client: ClientRequest,
    readonly node: KongNode,
  ) {
    this.request = new RequestState(client, node)
    this.log = new LogWriter(node.settings)
    this.requestId = node.newRequestId()
    this.startedAt = node.now()
    this.times = new RequestTimes(this.startedAt)
  }

  get phase(): TransactionPhase | ConnectionPhase | undefined {
    return this.currentPhase
  }

  /** Kong keeps the phase's number where plugins can read it. */
  set phase(phase: TransactionPhase | ConnectionPhase | undefined) {
    this.currentPhase = phase
    this.ctx.set('KONG_PHASE', phase && PHASE_NUMBERS[phase])
  }

  get exited(): boolean {
    return truthy(this.ctx.get('KONG_EXITED'))
  }

  get unexpected(): boolean {
    return truthy(this.ctx.get('KONG_UNEXPECTED'))
  }

  get proxied(): boolean {
    return truthy(this.ctx.get('KONG_PROXIED'))
  }

  /** The port clients see: `port_maps` applied to the listener's. */
  get hostPort(): LuaValue {
    return this.ctx.get('host_port')
  }
}

/** Lua's truth: everything but nil and false. */
export function truthy(value: LuaValue): boolean {
  return value !== undefined && value !== false
}
