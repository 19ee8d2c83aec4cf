import { spreadArguments, LuaError, bytesToText, LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { NginxEnd } from '../request/nginx-end.js'
import type { CallingPlugin, PdkAnswer } from '../transaction/kong-transaction.js'
import type { TransactionState } from '../transaction/transaction-state.js'
import { callPdkFunction, FINAL, NEVER, type PdkFunction } from './pdk-function.js'
import { stepMethod } from './step-method.js'

/** A call as it comes from a plugin server. */
export interface IncomingCall {
  readonly method: string
  readonly args: readonly LuaValue[]
  /** What Kong finds under the method's name. */
  readonly fn: PdkFunction | undefined
}

/** What becomes of the phase when a call is not answered. */
export interface CallEnds {
  raised(plugin: CallingPlugin, message: string): void
  endedByNginx(status: number | undefined): void
  ended(): void
  hung(): void
}

/** Notes which plugin is at work. */
export function beginCall(state: TransactionState, plugin: CallingPlugin): void {
  state.plugin = plugin
  state.ctx.set('plugin_id', plugin.id)
}

/** Carries out one call, and tells what travels back. */
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
    const value = travelling(method, result)
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

const RAW_BODIES = new Set(['kong.request.get_raw_body', 'kong.response.get_raw_body', 'kong.service.response.get_raw_body'])
const MULTI_MAPS = new Set([
  'kong.request.get_query',
  'kong.request.get_headers',
  'kong.response.get_headers',
  'kong.service.response.get_headers',
])

/**
 * Multi-maps travel with lists only: a text becomes a list of one, a bare key an empty list. Bodies are bytes. Both are told by the
 * method's text, so that another spelling of its name gives plain values.
 */
function travelling(method: string, value: LuaValue): LuaValue {
  if (value instanceof Uint8Array && !RAW_BODIES.has(method)) return bytesToText(value)
  if (!MULTI_MAPS.has(method) || !(value instanceof LuaTable)) return value
  const fixed = new LuaTable('map')
  for (const [key, member] of value) {
    fixed.set(key, member === true ? new LuaTable() : typeof member === 'string' ? LuaTable.list([member]) : member)
  }
  return fixed
}
