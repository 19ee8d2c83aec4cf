import { LuaError, type LuaTable } from '@kong-ts/schema/lua'
import type { PassedBody } from '../http/messages.js'
import { buildLogRecord, encodeRecord } from '../log/log-record.js'
import { headersArgument } from '../pdk/argument-checks.js'
import { buildError } from '../pdk/response-functions.js'
import { protocolMismatch, type ProtocolMismatch } from '../proxy/protocol-mismatch.js'
import { balancerData, prepareUpstream, seenHeaders } from '../proxy/upstream-variables.js'
import { nginxRefusal } from '../request/request-refusal.js'
import { routeQuestion, type RouteMatch } from '../request/route-question.js'
import {
  buildClientResponse,
  filterResponseHeaders,
  isTunnel,
  passesResponseBody,
  responseTable,
  wireLength,
} from '../response/client-response.js'
import { carryOutExit, sendErrorPage } from '../response/end-request.js'
import type { CallingPlugin, TransactionPhase, TransactionState } from '../state/transaction-state.js'
import type { NextStep } from './kong-transaction.js'
import { ProxyRun, type ProxyRunHost } from './proxy-run.js'

const UNEXPECTED = 'An unexpected error occurred'
/** nginx closes the connection without a response when Kong ends a request with one of these statuses. */
const DROPPED = new Set([408, 444, 499])
/** What nginx logs when a service stops in its body. */
const SERVICE_BREAKS = {
  'service-closed': 'upstream prematurely closed connection while reading upstream',
  'service-timeout': 'upstream timed out (110: Connection timed out) while reading upstream',
  'service-malformed': 'upstream sent invalid chunked response while reading upstream',
} as const

/** The order of one request's phases, and what ends them. */
export class TransactionFlow implements ProxyRunHost {
  interrupted = false
  readonly proxyRun: ProxyRun
  readonly #state: TransactionState
  /** The end of a body that was passed on, as the driver reported it. */
  passed: PassedBody | undefined
  /** True when a PDK call hangs: Kong does not finish this request. */
  hung = false
  /** True when only the response and the log phase are left. */
  isOver = false

  constructor(state: TransactionState) {
    this.#state = state
    this.proxyRun = new ProxyRun(state, this)
  }

  /** Handles a raise. In access Kong answers with its own error, in log it only writes a line, in other phases nginx ends the request. */
  raised(plugin: CallingPlugin, message: string): void {
    const state = this.#state
    this.interrupted = true
    if (state.phase === 'access') {
      state.log.write('error', `[kong] init.lua:406 [${plugin.name}] ${message}`)
      state.delayed = buildError(state, 500, UNEXPECTED, undefined)
      state.ctx.set('KONG_UNEXPECTED', true)
      return
    }
    state.log.write('error', `lua entry thread aborted: runtime error: ${message}`)
    if (state.phase === 'log') return
    sendErrorPage(state, 500)
    this.isOver = true
  }

  /** Ends the request as nginx does, possibly inside a PDK call. @param status undefined when the client left. */
  endedByNginx(status: number | undefined): void {
    const state = this.#state
    this.interrupted = true
    this.isOver = true
    if (status === 408) this.#leave(408, 'closed')
    else if (status === undefined) this.#leave(400, 'silent')
    else sendErrorPage(state, status)
  }

  /** Runs a handler of a bundled plugin. What it raises ends the phase as a raise of a PDK call does. */
  guarded(plugin: CallingPlugin, run: () => void): void {
    try {
      run()
    } catch (error) {
      if (!(error instanceof LuaError)) throw error
      this.raised(plugin, error.message)
    }
  }

  routed(match: RouteMatch | undefined): void {
    const state = this.#state
    if (!match) return
    state.match = match
    state.ctx.set('request_uri', state.request.target.requestUri).set('scheme', state.request.scheme)
  }

  *steps(): Generator<NextStep, void> {
    const state = this.#state
    const { headEnd } = state.client
    const refusal = nginxRefusal(state.request)
    state.ctx.set('KONG_PROCESSING_START', state.startedAt).set('workspace', state.node.workspaceId)
    if (headEnd !== undefined) this.#leave(headEnd === 'timeout' ? 408 : 400, 'closed')
    else if (refusal === undefined) yield* this.#request()
    else {
      if (refusal.atRequestLine) state.request.forget()
      sendErrorPage(state, refusal.status)
    }
    yield* this.#respond()
  }

  *#request(): Generator<NextStep, void> {
    const state = this.#state
    const { local } = state.client
    state.ctx.set('host_port', state.node.settings.hostPorts.get(local.port) ?? local.port)
    state.ctx.set('KONG_REWRITE_START', state.startedAt)
    yield* this.phase('rewrite')
    if (this.isOver || state.exited || this.interrupted) return
    const { hostPort } = state
    yield { do: 'route', question: routeQuestion(state.request, typeof hostPort === 'number' ? hostPort : local.port) }
    if (!this.#accessMayRun()) return
    state.ctx.set('KONG_ACCESS_START', state.node.now())
    yield* this.phase('access')
    if (state.response.silence || this.isOver) return
    if (state.delayed) {
      this.#flushDelayed()
      return
    }
    yield* this.proxyRun.run()
  }

  *phase(phase: TransactionPhase): Generator<NextStep, void> {
    this.#state.phase = phase
    this.interrupted = false
    yield { do: 'phase', phase }
  }

  /** Does what Kong does between routing and the access handlers. @returns false when the request is already answered. */
  #accessMayRun(): boolean {
    const state = this.#state
    const { match } = state
    state.phase = 'access'
    if (!match) {
      this.sendError(404, 'no Route matched with those values')
      return false
    }
    const headers = seenHeaders(state)
    const mismatch = protocolMismatch(state, match.route, headers)
    if (mismatch) {
      this.#refuseProtocol(mismatch)
      return false
    }
    state.ctx.set('route', match.route).set('service', match.service)
    prepareUpstream(state, match, headers)
    state.ctx.set('balancer_data', balancerData(state))
    return true
  }

  #refuseProtocol(mismatch: ProtocolMismatch): void {
    if ('error' in mismatch) {
      this.sendError(mismatch.error, mismatch.message, mismatch.headers)
      return
    }
    this.#state.ctx.set('KONG_EXITED', true)
    carryOutExit(this.#state, { status: mismatch.exit, body: undefined, headers: headersArgument(mismatch.headers) })
  }

  #flushDelayed(): void {
    const state = this.#state
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

  *#respond(): Generator<NextStep, void> {
    const state = this.#state
    const { response } = state
    filterResponseHeaders(state)
    response.headers.addCharset(response.status)
    if (response.status === 204) response.headers.setType(undefined)
    const { exitCode } = response
    if (exitCode !== undefined && DROPPED.has(exitCode)) response.silence ??= 'closed'
    else if (exitCode !== undefined && exitCode < 200) response.silence ??= 'silent'
    yield this.#sendStep()
    response.sent = true
    if (this.passed !== undefined) this.#bodyPassed(this.passed)
    state.times.ended = state.node.now()
    if (this.hung) return
    if (!this.#takeSnapshot()) return
    yield* this.phase('log')
  }

  #sendStep(): NextStep {
    const state = this.#state
    const { response } = state
    const built = buildClientResponse(state)
    response.bytesSent = wireLength(built)
    if (built.kind !== 'response' || !passesResponseBody(state)) return { do: 'respond', response: built }
    const { body: _body, truncated: _truncated, ...head } = built
    return isTunnel(state) ? { do: 'tunnel', response: head } : { do: 'pass', response: head, flushes: response.flushes }
  }

  #bodyPassed({ bytesSent, end }: PassedBody): void {
    const state = this.#state
    state.response.bytesSent = bytesSent
    state.response.truncated = end !== 'complete'
    // nginx notes that the client left only when nothing had been sent.
    if (end === 'client-gone' && bytesSent === 0) state.response.status = 499
    else if (end !== 'client-gone' && end !== 'complete') state.log.write('error', SERVICE_BREAKS[end])
  }

  /** Ends the request without a response. */
  #leave(status: number, silence: 'closed' | 'silent'): void {
    this.#state.response.status = status
    this.#state.response.silence = silence
  }

  /** Collects what log handlers see. A change of the record that fails ends the phase before its first handler. @returns false then. */
  #takeSnapshot(): boolean {
    const state = this.#state
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

  /** Answers with an error of Kong's own. */
  sendError(status: number, message: string, headers?: LuaTable): void {
    this.#state.ctx.set('KONG_EXITED', true)
    carryOutExit(this.#state, buildError(this.#state, status, message, headers))
  }
}
