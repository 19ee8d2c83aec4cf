import type { ServiceFailure, ServiceHead, ServiceResponse, UnfinishedBody } from '../http/messages.js'
import { BODY_FAULT_STATUS, NginxEnd } from '../request/nginx-end.js'
import { sendErrorPage, sendKongPage } from '../response/error-page.js'
import { holdBack, passThrough, placeBuffered } from '../response/service-answer.js'
import { finishUpstream, passesBody } from '../service/build-service-request.js'
import type { BalancerTarget } from '../service/upstream-state.js'
import type { NextStep, TransactionPhase } from './kong-transaction.js'
import {
  choosePeer,
  failureStatus,
  isServiceAnswer,
  mayRetry,
  noteAddress,
  noteUpstreamStatus,
  setServiceHost,
  startAttempt,
} from './proxy-flow.js'
import type { TransactionState } from './transaction-state.js'

/** What proxying needs of the request's way around it. */
export interface ProxyRunHost {
  phase(phase: TransactionPhase): Generator<NextStep, void>
  sendError(status: number, message: string): void
  /** nginx ends the request by itself: with a status, or undefined when the client never sends what is waited for. */
  endedByNginx(status: number | undefined): void
  /** True when nothing more is done for the request but to respond. */
  readonly isOver: boolean
}

/** What a driver tells of an attempt. */
export type AttemptAnswer = ServiceResponse | ServiceHead | ServiceFailure | UnfinishedBody

/** The part of a request's way that leads to the service and back. */
export class ProxyRun {
  answer: AttemptAnswer | undefined

  constructor(
    private readonly state: TransactionState,
    private readonly host: ProxyRunHost,
  ) {}

  *run(): Generator<NextStep, void> {
    const { state } = this
    const { target } = state.upstream
    if (!state.match?.service || !target) {
      state.buffered = false
      this.host.sendError(503, 'no Service found with those values')
      return
    }
    finishUpstream(state)
    const hostGiven = state.upstream.host !== ''
    let peer = choosePeer(state, target)
    if (peer.kind === 'no-peer') {
      this.host.sendError(503, 'failure to get a peer from the ring-balancer')
      return
    }
    const first = peer.kind === 'peer' ? peer : { hostname: target.host, port: target.port }
    if (!hostGiven) setServiceHost(state, first.hostname, first.port)
    state.ctx.set('KONG_PROXIED', true)
    const { upgrade } = state.upstream
    if (state.buffered && upgrade !== '') {
      state.log.write('notice', `[lua] init.lua:1253: response buffering was turned off: connection upgrade (${upgrade})`)
      state.buffered = false
    }
    state.times.accessEnded = state.node.now()
    if (!(yield* this.bodyIsReady())) return
    while (peer.kind === 'peer') {
      this.answer = undefined
      yield { do: 'proxy', request: startAttempt(state, target, peer) }
      if (yield* this.settled(target, this.answer ?? { failure: 'closed' })) return
      peer = choosePeer(state, target)
      if (peer.kind === 'peer' && !hostGiven) setServiceHost(state, peer.hostname, peer.port)
    }
    state.upstream.tries.push({ ip: target.host, port: target.port, startedAt: state.node.now(), unconnected: true })
    state.upstream.status = '-'
    state.log.write('error', `failed to set the current peer (address: ${target.host} port: ${target.port}): no host allowed`)
    sendErrorPage(state, 500)
  }

  /**
   * nginx reads the announced body before it asks the service, unless the route passes it on; a body that never comes keeps it waiting
   * until the client leaves.
   */
  private *bodyIsReady(): Generator<NextStep, boolean> {
    const { body, headers } = this.state.request
    if (passesBody(this.state) && (body.isAwaited || body.isWhole)) return true
    if (body.isAwaited) yield { do: 'read-body' }
    try {
      body.read()
    } catch (error) {
      if (!(error instanceof NginxEnd)) throw error
      this.host.endedByNginx(error.status)
      return false
    }
    if (Number(headers.first('content-length') ?? 0) <= body.content.length) return true
    this.host.endedByNginx(undefined)
    return false
  }

  /** @returns false when the next peer is to be asked. */
  private *settled(target: BalancerTarget, answer: AttemptAnswer): Generator<NextStep, boolean> {
    const { state } = this
    if (answer.address !== undefined) noteAddress(state, answer.address)
    if ('bodyFault' in answer) {
      this.host.endedByNginx(BODY_FAULT_STATUS[answer.bodyFault])
      return true
    }
    if (isServiceAnswer(answer)) {
      noteUpstreamStatus(state, answer.status)
      yield* this.answered(answer)
      return true
    }
    return this.failedAttempt(target, answer.failure)
  }

  private failedAttempt(target: BalancerTarget, failure: ServiceFailure['failure']): boolean {
    const { state } = this
    if (failure === 'client-closed') {
      state.response.status = 499
      state.response.silence = 'silent'
      return true
    }
    if (failure === 'dns') {
      state.upstream.tries.pop()
      state.ctx.set('KONG_PROXIED', undefined)
      this.host.sendError(503, 'name resolution failed')
      return true
    }
    const status = failureStatus(failure)
    noteUpstreamStatus(state, status)
    const again = mayRetry(state, target, failure)
    const last = state.upstream.tries.at(-1)
    if (last && (again || state.upstream.tries.length > target.retries)) Object.assign(last, { state: 'failed', code: status })
    if (!again) this.failed(status)
    return !again
  }

  /** No answer from the service. While buffering Kong makes the page itself, else nginx asks it to. */
  private failed(status: number): void {
    const { state } = this
    if (state.buffered) sendKongPage(state, status, state.request.header('Accept') ?? state.request.header('Content-Type') ?? 'text/plain')
    else sendErrorPage(state, status)
  }

  private *answered(answer: ServiceResponse | ServiceHead): Generator<NextStep, void> {
    const { state } = this
    state.times.head = state.node.now()
    if (!state.buffered) {
      passThrough(state, answer)
      return
    }
    const whole = 'body' in answer ? answer : { ...answer, body: new Uint8Array(), truncated: true }
    if (whole.truncated === true && state.client.method !== 'HEAD') {
      this.failed(whole.status)
      return
    }
    state.bufferedResponse = holdBack(whole)
    state.phase = 'response'
    if (whole.status > 599) {
      state.log.write('error', 'lua entry thread aborted: runtime error: code must be a number between 100 and 599')
      sendErrorPage(state, 500)
      return
    }
    placeBuffered(state, state.bufferedResponse)
    yield* this.host.phase('response')
    if (!state.exited && !this.host.isOver) state.response.exitCode = whole.status
  }
}
