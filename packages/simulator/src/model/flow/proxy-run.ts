import type { ServiceFailure, ServiceHead, ServiceResponse, UnfinishedBody } from '../http/messages.js'
import { choosePeer, failureStatus, mayRetry, noteUpstreamStatus, setServiceHost } from '../proxy/balancing.js'
import { holdBack, passThrough, placeBuffered } from '../proxy/service-answer.js'
import { passesBody, startAttempt } from '../proxy/service-request.js'
import { finishUpstream } from '../proxy/upstream-variables.js'
import { BODY_FAULT_STATUS, NginxEnd } from '../request/request-body.js'
import { sendErrorPage, sendKongPage } from '../response/end-request.js'
import type { TransactionPhase, TransactionState } from '../state/transaction-state.js'
import type { BalancerTarget } from '../state/upstream-state.js'
import type { NextStep } from './kong-transaction.js'

/** The part of the flow that proxying calls back. */
export interface ProxyRunHost {
  phase(phase: TransactionPhase): Generator<NextStep, void>
  sendError(status: number, message: string): void
  /** Ends the request as nginx does. @param status undefined when the client left, or never sends what nginx waits for. */
  endedByNginx(status: number | undefined): void
  /** True when only the response and the log phase are left. */
  readonly isOver: boolean
}

/** What the driver reports about an attempt. */
export type AttemptAnswer = ServiceResponse | ServiceHead | ServiceFailure | UnfinishedBody

/** Sends a request to the service and takes its answer. */
export class ProxyRun {
  /** The driver's report about the current attempt. */
  answer: AttemptAnswer | undefined

  readonly #state: TransactionState
  readonly #host: ProxyRunHost

  constructor(state: TransactionState, host: ProxyRunHost) {
    this.#state = state
    this.#host = host
  }

  *run(): Generator<NextStep, void> {
    const state = this.#state
    const { target } = state.upstream
    if (!state.match?.service || !target) {
      state.buffered = false
      this.#host.sendError(503, 'no Service found with those values')
      return
    }
    finishUpstream(state)
    const hostGiven = state.upstream.host !== ''
    let peer = choosePeer(state, target)
    if (peer.kind === 'no-peer') {
      this.#host.sendError(503, 'failure to get a peer from the ring-balancer')
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
    if (!(yield* this.#bodyIsReady())) return
    while (peer.kind === 'peer') {
      this.answer = undefined
      yield { do: 'proxy', request: startAttempt(state, target, peer) }
      if (yield* this.#settled(target, this.answer ?? { failure: 'closed' })) return
      peer = choosePeer(state, target)
      if (peer.kind === 'peer' && !hostGiven) setServiceHost(state, peer.hostname, peer.port)
    }
    state.upstream.tries.push({ ip: target.host, port: target.port, startedAt: state.node.now(), unconnected: true })
    state.upstream.status = '-'
    state.log.write('error', `failed to set the current peer (address: ${target.host} port: ${target.port}): no host allowed`)
    sendErrorPage(state, 500)
  }

  /**
   * Reads the client's body before the service is asked, unless the route passes it on. nginx waits for a body that does not come until the
   * client leaves.
   */
  *#bodyIsReady(): Generator<NextStep, boolean> {
    const { body, headers } = this.#state.request
    if (passesBody(this.#state) && (body.isAwaited || body.isWhole)) return true
    if (body.isAwaited) yield { do: 'read-body' }
    try {
      body.read()
    } catch (error) {
      if (!(error instanceof NginxEnd)) throw error
      this.#host.endedByNginx(error.status)
      return false
    }
    if (Number(headers.first('content-length') ?? 0) <= body.content.length) return true
    this.#host.endedByNginx(undefined)
    return false
  }

  /** Takes the report about an attempt. @returns false when the next peer is to be asked. */
  *#settled(target: BalancerTarget, answer: AttemptAnswer): Generator<NextStep, boolean> {
    const state = this.#state
    const last = state.upstream.tries.at(-1)
    if (last && answer.address !== undefined) last.ip = answer.address
    if ('bodyFault' in answer) {
      this.#host.endedByNginx(BODY_FAULT_STATUS[answer.bodyFault])
      return true
    }
    if ('status' in answer) {
      noteUpstreamStatus(state, answer.status)
      yield* this.#answered(answer)
      return true
    }
    return this.#failedAttempt(target, answer.failure)
  }

  #failedAttempt(target: BalancerTarget, failure: ServiceFailure['failure']): boolean {
    const state = this.#state
    if (failure === 'client-closed') {
      state.response.status = 499
      state.response.silence = 'silent'
      return true
    }
    if (failure === 'dns') {
      state.upstream.tries.pop()
      state.ctx.set('KONG_PROXIED', undefined)
      this.#host.sendError(503, 'name resolution failed')
      return true
    }
    const status = failureStatus(failure)
    noteUpstreamStatus(state, status)
    const again = mayRetry(state, target, failure)
    const last = state.upstream.tries.at(-1)
    if (last && (again || state.upstream.tries.length > target.retries)) Object.assign(last, { state: 'failed', code: status })
    if (!again) this.#failed(status)
    return !again
  }

  /** Answers for the service. While buffering Kong makes the error page itself, else nginx asks for it. */
  #failed(status: number): void {
    const state = this.#state
    if (state.buffered) sendKongPage(state, status)
    else sendErrorPage(state, status)
  }

  *#answered(answer: ServiceResponse | ServiceHead): Generator<NextStep, void> {
    const state = this.#state
    state.times.head = state.node.now()
    if (!state.buffered) {
      passThrough(state, answer)
      return
    }
    const whole = 'body' in answer ? answer : { ...answer, body: new Uint8Array(), truncated: true }
    if (whole.truncated === true && state.client.method !== 'HEAD') {
      this.#failed(whole.status)
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
    yield* this.#host.phase('response')
    if (!state.exited && !this.#host.isOver) state.response.exitCode = whole.status
  }
}
