import { type LuaTable, type LuaValue, textToBytes } from '@kong-ts/schema/lua'
import { BUNDLED_PLUGINS } from '../bundled/bundled-plugins.js'
import type { ArrivedBody, ClientRequest, PassedBody } from '../http/messages.js'
import type { KongNode } from '../node/kong-node.js'
import { answerCall, beginCall, type CallEnds, type PdkAnswer } from '../pdk/answer-call.js'
import { findPdkFunction } from '../pdk/pdk-functions.js'
import type { RouteMatch } from '../request/route-question.js'
import type { LogLine } from '../state/error-log.js'
import { TransactionState, type CallingPlugin, type TransactionPhase } from '../state/transaction-state.js'
import type { KongTransaction, NextStep } from './kong-transaction.js'
import type { AttemptAnswer } from './proxy-run.js'
import { TransactionFlow } from './transaction-flow.js'

/** Starts a request through a node. The caller drives it as {@link KongTransaction} tells. */
export function createTransaction(node: KongNode, request: ClientRequest): KongTransaction {
  return new Transaction(new TransactionState(request, node))
}

class Transaction implements KongTransaction, CallEnds {
  readonly #state: TransactionState
  readonly #flow: TransactionFlow
  readonly #steps: Iterator<NextStep>

  constructor(state: TransactionState) {
    this.#state = state
    this.#flow = new TransactionFlow(state)
    this.#steps = this.#flow.steps()
  }

  get phase(): TransactionPhase | undefined {
    const { phase } = this.#state
    return phase === 'certificate' || phase === 'preread' ? undefined : phase
  }

  get interrupted(): boolean {
    return this.#flow.interrupted
  }

  get match(): RouteMatch | undefined {
    return this.#state.match
  }

  get consumer(): LuaValue {
    return this.#state.ctx.get('authenticated_consumer')
  }

  get logLines(): readonly LogLine[] {
    return this.#state.log.lines
  }

  get buffered(): boolean {
    return this.#state.buffered
  }

  set buffered(value: boolean) {
    this.#state.buffered = value
  }

  next(): NextStep {
    const step = this.#steps.next()
    return step.done === true ? { do: 'done' } : step.value
  }

  routed(match: RouteMatch | undefined): void {
    this.#flow.routed(match)
  }

  serviceAnswered(answer: AttemptAnswer): void {
    this.#flow.proxyRun.answer = answer
  }

  passed(body: PassedBody): void {
    this.#flow.passed = body
  }

  needsBody(method: string): boolean {
    return this.#state.request.body.isAwaited && this.phase !== 'log' && findPdkFunction(method)?.readsBody === true
  }

  get maxBodyBytes(): number {
    return this.#state.node.settings.clientMaxBodySize || Infinity
  }

  bodyArrived(body: ArrivedBody): void {
    this.#state.request.body.arrived(body)
  }

  bodyReceived(wireBytes: number): void {
    this.#state.request.body.receivedInAll(wireBytes)
  }

  get spilledBody(): KongTransaction['spilledBody'] {
    const { inFile } = this.#state.request.body
    return inFile === undefined ? undefined : { path: this.#state.bodyFilePath, content: textToBytes(inFile) }
  }

  serialized(): string | undefined {
    return this.#state.snapshot?.record
  }

  runBundled(plugin: { readonly name: string }, config: LuaTable): void {
    const run = this.phase === undefined ? undefined : BUNDLED_PLUGINS.get(plugin.name)?.handlers[this.phase]
    this.#flow.guarded({ name: plugin.name, id: '' }, () => run?.(this.#state, config))
    if (this.#state.delayed) this.#flow.interrupted = true
  }

  pdkCall(plugin: CallingPlugin, method: string, args: readonly LuaValue[]): PdkAnswer {
    return answerCall(this.#state, plugin, { method, args, fn: findPdkFunction(method) }, this)
  }

  fail(plugin: CallingPlugin, message: string): void {
    beginCall(this.#state, plugin)
    this.#flow.raised(plugin, message)
  }

  raised(plugin: CallingPlugin, message: string): void {
    this.#flow.raised(plugin, message)
  }

  endedByNginx(status: number | undefined): void {
    this.#flow.endedByNginx(status)
  }

  ended(): void {
    this.#flow.interrupted = true
  }

  hung(): void {
    this.#state.response.silence = 'silent'
    this.#flow.hung = true
    this.#flow.interrupted = true
  }
}
