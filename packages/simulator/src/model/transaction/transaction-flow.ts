import { LuaError, type LuaTable } from '@kong-ts/schema/lua'
import type { PassedBody } from '../http/messages.js'
import { encodeRecord } from '../pdk/log-functions.js'
import { buildError, responseTable } from '../pdk/response-functions.js'
import { carryOutExit } from '../response/carry-out-exit.js'
import { sendErrorPage } from '../response/error-page.js'
import { filterResponseHeaders } from '../response/header-filter.js'
import { buildClientResponse, isTunnel, passesResponseBody } from '../response/response-head.js'
import { wireLength } from '../response/wire-length.js'
import { balancerData, prepareUpstream, seenHeaders } from '../service/prepare-upstream.js'
import { buildLogRecord } from '../log/log-record.js'
import type { CallingPlugin, NextStep, RouteMatch, TransactionPhase } from './kong-transaction.js'
import { nginxRefusal } from './nginx-refusal.js'
import { ProxyRun, type ProxyRunHost } from './proxy-run.js'
import { protocolMismatch, type ProtocolMismatch } from './protocol-mismatch.js'
import { routeQuestion } from './route-question.js'
import type { TransactionState } from './transaction-state.js'

const UNEXPECTED = 'An unexpected error occurred'
/** Statuses after which nginx drops the connection without a byte. */
const DROPPED = new Set([408, 444, 499])
/** What nginx logs of a service that breaks off in its body. */
const SERVICE_BREAKS = {
  'service-closed': 'upstream prematurely closed connection while reading upstream',
  'service-timeout': 'upstream timed out (110: Connection timed out) while reading upstream',
  'service-malformed': 'upstream sent invalid chunked response while reading upstream',
} as const

/** The way of one request through Kong: which phase runs when, and what ends it. */
export class TransactionFlow implements ProxyRunHost {
  interrupted = false
  readonly proxyRun: ProxyRun
  /** What became of a body that was passed on. */
  passed: PassedBody | undefined
  /** A call never came back: Kong never gets to the end of this request. */
  hung = false
  /** The request is over but for the response: no further phase but log. */
  isOver = false

  constructor(private readonly state: TransactionState) {
    this.proxyRun = new ProxyRun(state, this)
  }

  /** A PDK call raised. In access Kong goes on with its own error, elsewhere nginx ends the request; in log nothing more happens. */
  raised(plugin: CallingPlugin, message: string): void {
    const { state } = this
    this.interrupted = true
    if (state.phase === 'access') {
      state.log.write('error', `[kong] init.lua:406 [${plugin.name}] ${message}`)
      state.delayed = this.errorAnswer(500, UNEXPECTED)
      state.ctx.set('KONG_UNEXPECTED', true)
      return
    }
    state.log.write('error', `lua entry thread aborted: runtime error: ${message}`)
    if (state.phase === 'log') return
    sendErrorPage(state, 500)
    this.isOver = true
  }

  /** nginx ends the request by itself, in the middle of a call. */
  endedByNginx(status: number | undefined): void {
    const { state } = this
    this.interrupted = true
    this.isOver = true
    if (status === 408) this.leave(408, 'closed')
    else if (status === undefined) this.leave(400, 'silent')
    else sendErrorPage(state, status)
  }

  /** Runs a step of Kong's own in a phase; what it raises ends the phase as for a plugin. */
  guarded(plugin: CallingPlugin, run: () => void): void {
    try {
      run()
    } catch (error) {
      if (!(error instanceof LuaError)) throw error
      this.raised(plugin, error.message)
    }
  }

  routed(match: RouteMatch | undefined): void {
    const { state } = this
    if (!match) return
    state.match = match
    state.ctx.set('request_uri', state.request.target.requestUri).set('scheme', state.request.scheme)
  }

  *steps(): Generator<NextStep, void> {
    const { state } = this
    const { headEnd } = state.client
    const refusal = nginxRefusal(state.request)
    state.ctx.set('KONG_PROCESSING_START', state.startedAt).set('workspace', state.node.workspaceId)
    if (headEnd !== undefined) this.leave(headEnd === 'timeout' ? 408 : 400, 'closed')
    else if (refusal === undefined) yield* this.request()
    else {
      if (refusal.unread) state.request.forget()
      sendErrorPage(state, refusal.status)
    }
    yield* this.respond()
  }

  private *request(): Generator<NextStep, void> {
    const { state } = this
    const { local } = state.client
    state.ctx.set('host_port', state.node.settings.hostPorts.get(local.port) ?? local.port)
    state.ctx.set('KONG_REWRITE_START', state.startedAt)
    yield* this.phase('rewrite')
    if (this.isOver || state.exited || this.interrupted) return
    yield { do: 'route', question: routeQuestion(state) }
    if (!this.accessMayRun()) return
    state.ctx.set('KONG_ACCESS_START', state.node.now())
    yield* this.phase('access')
    if (state.response.silence || this.isOver) return
    if (state.delayed) {
      this.flushDelayed()
      return
    }
    yield* this.proxyRun.run()
  }

  *phase(phase: TransactionPhase): Generator<NextStep, void> {
    this.state.phase = phase
    this.interrupted = false
    yield { do: 'phase', phase }
  }

  /** What Kong decides between routing and the access handlers. */
  private accessMayRun(): boolean {
    const { state } = this
    const { match } = state
    state.phase = 'access'
    if (!match) {
      this.sendError(404, 'no Route matched with those values')
      return false
    }
    const headers = seenHeaders(state)
    const mismatch = protocolMismatch(state, match.route, headers)
    if (mismatch) {
      this.refuseProtocol(mismatch)
      return false
    }
    state.ctx.set('route', match.route).set('service', match.service)
    prepareUpstream(state, match, headers)
    state.ctx.set('balancer_data', balancerData(state))
    return true
  }

  private refuseProtocol(mismatch: ProtocolMismatch): void {
    if ('error' in mismatch) {
      this.sendError(mismatch.error, mismatch.message, mismatch.headers)
      return
    }
    this.state.ctx.set('KONG_EXITED', true)
    carryOutExit(this.state, { status: mismatch.exit, body: undefined, headers: mismatch.headers })
  }

  private flushDelayed(): void {
    const { state } = this
    state.buffered = false
    if (!state.delayed) return
    try {
      carryOutExit(state, state.delayed)
    } catch (error) {
      if (!(error instanceof LuaError)) throw error
      state.log.write('error', `lua entry thread aborted: runtime error: ${error.message}`)
      sendErrorPage(state, 500)
    }
  }

  private *respond(): Generator<NextStep, void> {
    const { state } = this
    const { response } = state
    filterResponseHeaders(state)
    response.headers.addCharset(response.status)
    if (response.status === 204) response.headers.setType(undefined)
    const { exitCode } = response
    if (exitCode !== undefined && DROPPED.has(exitCode)) response.silence ??= 'closed'
    else if (exitCode !== undefined && exitCode < 200) response.silence ??= 'silent'
    yield this.sendStep()
    response.sent = true
    if (this.passed !== undefined) this.bodyPassed(this.passed)
    state.times.ended = state.node.now()
    if (this.hung) return
    if (!this.takeSnapshot()) return
    yield* this.phase('log')
  }

  private sendStep(): NextStep {
    const { state } = this
    const { response } = state
    const built = buildClientResponse(state)
    response.bytesSent = wireLength(built)
    if (built.kind !== 'response' || !passesResponseBody(state)) return { do: 'respond', response: built }
    const { body: _body, truncated: _truncated, ...head } = built
    return isTunnel(state) ? { do: 'tunnel', response: head } : { do: 'pass', response: head, flushes: response.flushes }
  }

  private bodyPassed({ bytesSent, end }: PassedBody): void {
    const { state } = this
    state.response.bytesSent = bytesSent
    state.response.truncated = end !== 'complete'
    // nginx notes that the client left only where nothing had been sent yet.
    if (end === 'client-gone' && bytesSent === 0) state.response.status = 499
    else if (end !== 'client-gone' && end !== 'complete') state.log.write('error', SERVICE_BREAKS[end])
  }

  /** Ends the request without a byte. */
  private leave(status: number, silence: 'closed' | 'silent'): void {
    this.state.response.status = status
    this.state.response.silence = silence
  }

  /** Kong gathers what log handlers see. An edit of the record that cannot be made ends the phase before any handler. */
  private takeSnapshot(): boolean {
    const { state } = this
    const { settings } = state.node
    try {
      const record = buildLogRecord(state)
      state.snapshot = {
        requestHeaders: state.request.headers.table(settings.luaMaxReqHeaders),
        responseHeaders: responseTable(state, settings.luaMaxRespHeaders),
        status: state.response.status,
        record: encodeRecord(record),
      }
      return true
    } catch (error) {
      if (!(error instanceof LuaError)) throw error
      state.log.write('error', `failed to run log_by_lua*: ${error.message}`)
      return false
    }
  }

  sendError(status: number, message: string, headers?: LuaTable): void {
    this.state.ctx.set('KONG_EXITED', true)
    carryOutExit(this.state, this.errorAnswer(status, message, headers))
  }

  private errorAnswer(status: number, message: string, headers?: LuaTable): ReturnType<typeof buildError> {
    return buildError(this.state, status, message, headers)
  }
}
