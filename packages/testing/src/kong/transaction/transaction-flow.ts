import type { ServiceFailure, ServiceResponse } from '../http/messages.js'
import { LuaError } from '../lua/lua-error.js'
import type { LuaTable } from '../lua/lua-value.js'
import { encodeRecord } from '../pdk/log-functions.js'
import { buildError, responseTable } from '../pdk/response-functions.js'
import { carryOutExit } from '../response/carry-out-exit.js'
import { sendErrorPage, sendKongPage } from '../response/error-page.js'
import { filterResponseHeaders } from '../response/header-filter.js'
import { buildClientResponse } from '../response/response-head.js'
import { holdBack, passThrough, placeBuffered } from '../response/service-answer.js'
import { finishUpstream } from '../service/build-service-request.js'
import { balancerData, prepareUpstream, seenHeaders } from '../service/prepare-upstream.js'
import { buildLogRecord } from '../log/log-record.js'
import type { CallingPlugin, NextStep, RouteMatch, TransactionPhase } from './kong-transaction.js'
import { nginxRefusal } from './nginx-refusal.js'
import { choosePeer, failureStatus, isServiceResponse, mayRetry, noteAddress, noteUpstreamStatus, setServiceHost, startAttempt } from './proxy-flow.js'
import { protocolMismatch, type ProtocolMismatch } from './protocol-mismatch.js'
import { routeQuestion } from './route-question.js'
import type { TransactionState } from './transaction-state.js'

const UNEXPECTED = 'An unexpected error occurred'
/** Statuses after which nginx drops the connection without a byte. */
const DROPPED = new Set([408, 444, 499])

/** The way of one request through Kong: which phase runs when, and what ends it. */
export class TransactionFlow {
  interrupted = false
  answer: ServiceResponse | ServiceFailure | undefined
  /** A call never came back: Kong never gets to the end of this request. */
  hung = false
  /** The request is over but for the response: no further phase but log. */
  private over = false

  constructor(private readonly state: TransactionState) {}

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
    this.over = true
  }

  /** nginx ends the request by itself, in the middle of a call. */
  endedByNginx(status: number | undefined): void {
    const { state } = this
    this.interrupted = true
    this.over = true
    if (status !== undefined) sendErrorPage(state, status)
    else {
      state.response.status = 400
      state.response.silence = 'silent'
    }
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
    const refusal = nginxRefusal(state.request)
    state.ctx.set('KONG_PROCESSING_START', state.startedAt).set('workspace', state.node.workspaceId)
    if (refusal === undefined) yield* this.request()
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
    if (this.over || state.exited || this.interrupted) return
    yield { do: 'route', question: routeQuestion(state) }
    if (!this.accessMayRun()) return
    state.ctx.set('KONG_ACCESS_START', state.node.now())
    yield* this.phase('access')
    if (state.response.silence || this.over) return
    if (state.delayed) {
      this.flushDelayed()
      return
    }
    yield* this.proxy()
  }

  private *phase(phase: TransactionPhase): Generator<NextStep, void> {
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

  private *proxy(): Generator<NextStep, void> {
    const { state } = this
    const { target } = state.upstream
    if (!state.match?.service || !target) {
      state.buffered = false
      this.sendError(503, 'no Service found with those values')
      return
    }
    finishUpstream(state)
    const hostGiven = state.upstream.host !== ''
    let peer = choosePeer(state, target)
    if (peer.kind === 'no-peer') {
      this.sendError(503, 'failure to get a peer from the ring-balancer')
      return
    }
    if (!hostGiven) setServiceHost(state, peer.kind === 'peer' ? peer.hostname : target.host, peer.kind === 'peer' ? peer.port : target.port)
    state.ctx.set('KONG_PROXIED', true)
    const { upgrade } = state.upstream
    if (state.buffered && upgrade !== '') {
      state.log.write('notice', `[lua] init.lua:1253: response buffering was turned off: connection upgrade (${upgrade})`)
      state.buffered = false
    }
    if (!this.bodyIsThere()) return
    while (peer.kind === 'peer') {
      yield { do: 'proxy', request: startAttempt(state, target, peer) }
      const answer = this.answer ?? { failure: 'closed' }
      if (isServiceResponse(answer)) {
        if (answer.address !== undefined) noteAddress(state, answer.address)
        noteUpstreamStatus(state, answer.status)
        yield* this.answered(answer)
        return
      }
      if (answer.address !== undefined) noteAddress(state, answer.address)
      if (answer.failure === 'client-closed') {
        this.abandoned()
        return
      }
      if (answer.failure === 'dns') {
        state.upstream.tries.pop()
        state.ctx.set('KONG_PROXIED', undefined)
        this.sendError(503, 'name resolution failed')
        return
      }
      const status = failureStatus(answer.failure)
      noteUpstreamStatus(state, status)
      const last = state.upstream.tries.at(-1)
      if (!mayRetry(state, target, answer.failure)) {
        if (last && state.upstream.tries.length > target.retries) Object.assign(last, { state: 'failed', code: status })
        this.failed(status)
        return
      }
      if (last) Object.assign(last, { state: 'failed', code: status })
      peer = choosePeer(state, target)
      if (peer.kind === 'peer' && !hostGiven) setServiceHost(state, peer.hostname, peer.port)
    }
    state.upstream.tries.push({ ip: target.host, port: target.port, startedAt: state.node.now(), unconnected: true })
    state.upstream.status = '-'
    state.log.write('error', `failed to set the current peer (address: ${target.host} port: ${target.port}): no host allowed`)
    sendErrorPage(state, 500)
  }

  /** nginx reads the announced body before it asks the service; a body that never comes keeps it waiting until the client leaves. */
  private bodyIsThere(): boolean {
    const { state } = this
    const announced = Number(state.request.headers.first('content-length') ?? 0)
    if (announced <= state.request.body.content.length && state.client.bodyComplete !== false) return true
    state.response.status = 400
    state.response.silence = 'silent'
    return false
  }

  /** The client left while the service was being asked. */
  private abandoned(): void {
    const { response } = this.state
    response.status = 499
    response.silence = 'silent'
  }

  /** No answer from the service. While buffering Kong makes the page itself, else nginx asks it to. */
  private failed(status: number): void {
    const { state } = this
    if (!state.buffered) {
      sendErrorPage(state, status)
      return
    }
    sendKongPage(state, status, state.request.header('Accept') ?? state.request.header('Content-Type') ?? 'text/plain')
  }

  private *answered(answer: ServiceResponse): Generator<NextStep, void> {
    const { state } = this
    if (!state.buffered) {
      passThrough(state, answer)
      return
    }
    if (answer.truncated === true && state.client.method !== 'HEAD') {
      this.failed(answer.status)
      return
    }
    state.bufferedResponse = holdBack(answer)
    state.phase = 'response'
    if (answer.status > 599) {
      state.log.write('error', 'lua entry thread aborted: runtime error: code must be a number between 100 and 599')
      sendErrorPage(state, 500)
      return
    }
    placeBuffered(state, state.bufferedResponse)
    yield* this.phase('response')
    if (!state.exited && !this.over) state.response.exitCode = answer.status
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
    yield { do: 'respond', response: buildClientResponse(state) }
    response.sent = true
    if (this.hung) return
    if (!this.takeSnapshot()) return
    yield* this.phase('log')
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

  private sendError(status: number, message: string, headers?: LuaTable): void {
    this.state.ctx.set('KONG_EXITED', true)
    carryOutExit(this.state, this.errorAnswer(status, message, headers))
  }

  private errorAnswer(status: number, message: string, headers?: LuaTable): ReturnType<typeof buildError> {
    return buildError(this.state, status, message, headers)
  }
}
