import { BUNDLED_PLUGINS } from '../bundled/bundled-plugins.js'
import type { ClientRequest, ServiceFailure, ServiceResponse } from '../http/messages.js'
import { spreadArguments } from '../lua/lua-arguments.js'
import { LuaError } from '../lua/lua-error.js'
import { NginxEnd } from '../request/nginx-end.js'
import { LuaTable, type LuaValue } from '../lua/lua-value.js'
import type { KongNode } from '../node/kong-node.js'
import { callPdkFunction, FINAL, NEVER } from '../pdk/pdk-function.js'
import { findPdkFunction } from '../pdk/pdk-functions.js'
import { stepMethod } from '../pdk/step-method.js'
import type { CallingPlugin, KongTransaction, LogLine, NextStep, PdkAnswer, RouteMatch, TransactionPhase } from './kong-transaction.js'
import { TransactionFlow } from './transaction-flow.js'
import { TransactionState } from './transaction-state.js'

/** Starts one request through a Kong node. */
export function createTransaction(node: KongNode, request: ClientRequest): KongTransaction {
  return new Transaction(new TransactionState(request, node))
}

class Transaction implements KongTransaction {
  private readonly flow: TransactionFlow
  private readonly steps: Iterator<NextStep>

  constructor(private readonly state: TransactionState) {
    this.flow = new TransactionFlow(state)
    this.steps = this.flow.steps()
  }

  get phase(): TransactionPhase | undefined {
    return this.state.phase
  }

  get interrupted(): boolean {
    return this.flow.interrupted
  }

  get match(): RouteMatch | undefined {
    return this.state.match
  }

  get consumer(): LuaValue {
    return this.state.ctx.get('authenticated_consumer')
  }

  get logLines(): readonly LogLine[] {
    return this.state.log.lines
  }

  get buffered(): boolean {
    return this.state.buffered
  }

  set buffered(value: boolean) {
    this.state.buffered = value
  }

  next(): NextStep {
    const step = this.steps.next()
    return step.done === true ? { do: 'done' } : step.value
  }

  routed(match: RouteMatch | undefined): void {
    this.flow.routed(match)
  }

  serviceAnswered(answer: ServiceResponse | ServiceFailure): void {
    this.flow.answer = answer
  }

  serialized(): string | undefined {
    return this.state.snapshot?.record
  }

  runBundled(plugin: { readonly name: string }, config: LuaTable): void {
    const run = this.state.phase === undefined ? undefined : BUNDLED_PLUGINS.get(plugin.name)?.handlers[this.state.phase]
    this.flow.guarded({ name: plugin.name, id: '' }, () => run?.(this.state, config))
    if (this.state.delayed) this.flow.interrupted = true
  }

  pdkCall(plugin: CallingPlugin, method: string, args: readonly LuaValue[]): PdkAnswer {
    this.beginCall(plugin)
    const fn = findPdkFunction(method)
    if (!fn) {
      this.state.log.write('error', `[kong] mp_rpc.lua:116 [${plugin.name}] could not find pdk method: ${method}`)
      return { outcome: 'answered', step: stepMethod(method, undefined), value: undefined }
    }
    try {
      const result = callPdkFunction(fn, this.state, spreadArguments(args))
      if (result === FINAL) return this.end({ outcome: 'final' })
      if (result === NEVER) return this.hang()
      const value = travelling(method, result)
      return { outcome: 'answered', step: stepMethod(method, value), value }
    } catch (error) {
      if (error instanceof NginxEnd) {
        this.flow.endedByNginx(error.status)
        return { outcome: 'final' }
      }
      if (!(error instanceof LuaError)) throw error
      this.flow.raised(plugin, error.message)
      return { outcome: 'raised', message: error.message }
    }
  }

  fail(plugin: CallingPlugin, message: string): void {
    this.beginCall(plugin)
    this.flow.raised(plugin, message)
  }

  private beginCall(plugin: CallingPlugin): void {
    this.state.plugin = plugin
    this.state.ctx.set('plugin_id', plugin.id)
  }

  private end(answer: PdkAnswer): PdkAnswer {
    this.flow.interrupted = true
    return answer
  }

  private hang(): PdkAnswer {
    this.state.response.silence = 'silent'
    this.flow.hung = true
    return this.end({ outcome: 'never' })
  }
}

const MULTI_MAPS = new Set(['kong.request.get_query', 'kong.request.get_headers', 'kong.response.get_headers', 'kong.service.response.get_headers'])

/** Multi-maps travel with lists only: a text becomes a list of one, a bare key an empty list. */
function travelling(method: string, value: LuaValue): LuaValue {
  if (!MULTI_MAPS.has(method) || !(value instanceof LuaTable)) return value
  const fixed = new LuaTable('map')
  for (const [key, member] of value) {
    fixed.set(key, member === true ? new LuaTable() : typeof member === 'string' ? LuaTable.list([member]) : member)
  }
  return fixed
}
