import { bytesToText, LuaError, LuaTable, type LuaValue, spreadArguments } from '@kong-ts/schema/lua'
import { NginxEnd } from '../request/request-body.js'
import type { CallingPlugin, TransactionState } from '../state/transaction-state.js'
import { callPdkFunction, FINAL, NEVER, type PdkFunction } from './pdk-function.js'

/** Kong's answer to one PDK call. */
export type PdkAnswer =
  /** A Step. `step` is its method name, or the value of a `_method` member. A nil value is sent without Data. */
  | { readonly outcome: 'answered'; readonly step: LuaValue; readonly value: LuaValue }
  /** The Lua function raised: Kong never answers, and the request fails. The next step of the transaction tells how. */
  | { readonly outcome: 'raised'; readonly message: string }
  /** `kong.response.exit` or `kong.response.error`: Kong never answers, and the phase is over for every plugin. */
  | { readonly outcome: 'final' }
  /** The call hangs, and the client gets nothing. */
  | { readonly outcome: 'never' }

/** A PDK call of a plugin server. */
interface IncomingCall {
  readonly method: string
  readonly args: readonly LuaValue[]
  /** The function that Kong finds under the method's name. */
  readonly fn: PdkFunction | undefined
}

/** How a call that Kong does not answer ends the phase. */
export interface CallEnds {
  raised(plugin: CallingPlugin, message: string): void
  endedByNginx(status: number | undefined): void
  ended(): void
  hung(): void
}

/** Notes which plugin makes the call. */
export function beginCall(state: TransactionState, plugin: CallingPlugin): void {
  state.plugin = plugin
  state.ctx.set('plugin_id', plugin.id)
}

/** Makes one PDK call, and tells what Kong sends back. */
export function answerCall(state: TransactionState, plugin: CallingPlugin, { method, args, fn }: IncomingCall, ends: CallEnds): PdkAnswer {
  beginCall(state, plugin)
  if (!fn) {
    state.log.write('error', `[kong] mp_rpc.lua:116 [${plugin.name}] could not find pdk method: ${method}`)
    return { outcome: 'answered', step: stepMethod(method, undefined), value: undefined }
  }
  try {
    const result = callPdkFunction(fn, state, spreadArguments(args))
    if (result === FINAL) {
      ends.ended()
      return { outcome: 'final' }
    }
    if (result === NEVER) {
      ends.hung()
      return { outcome: 'never' }
    }
    const value = sentValue(method, result)
    return { outcome: 'answered', step: stepMethod(method, value), value }
  } catch (error) {
    if (error instanceof NginxEnd) {
      ends.endedByNginx(error.status)
      return { outcome: 'final' }
    }
    if (!(error instanceof LuaError)) throw error
    ends.raised(plugin, error.message)
    return { outcome: 'raised', message: error.message }
  }
}

const STEP_METHODS: ReadonlyMap<string, string> = new Map([
  ['kong.client.get_credential', 'plugin.StepCredential'],
  ['kong.client.authenticate', 'plugin.StepCredential'],
  ['kong.client.load_consumer', 'plugin.StepConsumer'],
  ['kong.client.get_consumer', 'plugin.StepConsumer'],
  ['kong.node.get_memory_stats', 'plugin.StepMemoryStats'],
  ['kong.router.get_route', 'plugin.StepRoute'],
  ['kong.router.get_service', 'plugin.StepService'],
  ['kong.request.get_query', 'plugin.StepMultiMap'],
  ['kong.request.get_headers', 'plugin.StepMultiMap'],
  ['kong.response.get_headers', 'plugin.StepMultiMap'],
  ['kong.service.response.get_headers', 'plugin.StepMultiMap'],
])

/** The RPC method of a Step. Kong takes a `_method` member of the result instead, of any type, so a request can rename a Step. */
function stepMethod(method: string, result: LuaValue): LuaValue {
  const injected = result instanceof LuaTable ? result.get('_method') : undefined
  return injected === undefined || injected === false ? (STEP_METHODS.get(method) ?? 'plugin.Step') : injected
}

const RAW_BODIES = new Set(['kong.request.get_raw_body', 'kong.response.get_raw_body', 'kong.service.response.get_raw_body'])

/**
 * The form in which a result is sent. A multi-map has lists only: a text becomes a list of one, a key without a value an empty list. A raw
 * body is sent as bytes. Kong decides both by the text of the method, so another spelling of the name gives plain values.
 */
function sentValue(method: string, value: LuaValue): LuaValue {
  if (value instanceof Uint8Array && !RAW_BODIES.has(method)) return bytesToText(value)
  if (STEP_METHODS.get(method) !== 'plugin.StepMultiMap' || !(value instanceof LuaTable)) return value
  const lists = new LuaTable('map')
  for (const [key, member] of value) {
    lists.set(key, member === true ? new LuaTable() : typeof member === 'string' ? LuaTable.list([member]) : member)
  }
  return lists
}
