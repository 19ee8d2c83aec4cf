import { raise, type LuaValue } from '@kong-ts/schema/lua'
import type { ConnectionPhase, TransactionPhase } from '../transaction/kong-transaction.js'
import type { TransactionState } from '../transaction/transaction-state.js'

/** The call ended the phase: it is never answered. */
export const FINAL = Symbol('final')
/** The call hangs. */
export const NEVER = Symbol('never')

/** What a PDK function gives back. */
export type PdkResult = LuaValue | typeof FINAL | typeof NEVER

/** Every phase a function may be called in. */
export type PdkPhase = TransactionPhase | ConnectionPhase

/** One function of the PDK. */
export interface PdkFunction {
  /** Where it may be called; left out: everywhere. */
  readonly phases?: readonly PdkPhase[]
  /** True when it reads nginx's request, which is gone in the log phase and not there yet in the TLS handshake. */
  readonly readsNginx?: boolean
  readonly call: (state: TransactionState, args: readonly LuaValue[]) => PdkResult
}

/** Functions by their full name, `kong.request.get_path`. */
export type PdkNamespace = Readonly<Record<string, PdkFunction>>

export const REQUEST_PHASES: readonly PdkPhase[] = ['rewrite', 'access', 'response', 'log']
export const BEFORE_CONTENT: readonly PdkPhase[] = ['rewrite', 'access', 'response']
export const REWRITE_ACCESS: readonly PdkPhase[] = ['rewrite', 'access']
export const AUTH_AND_LATER: readonly PdkPhase[] = ['access', 'response', 'log']
export const ACCESS: readonly PdkPhase[] = ['access']
export const RESPONSE_AND_LOG: readonly PdkPhase[] = ['response', 'log']

/** Runs a function with the checks that come before it. Raises a LuaError as Kong raises. */
export function callPdkFunction(fn: PdkFunction, state: TransactionState, args: readonly LuaValue[]): PdkResult {
  const { phase } = state
  if (fn.phases && !(phase && fn.phases.includes(phase))) {
    raise(`function cannot be called in ${phase ?? 'unknown'} phase (only in: ${fn.phases.join(', ')})`)
  }
  if (fn.readsNginx === true) requireNginx(state)
  return fn.call(state, args)
}

/** Raises in the phases in which Kong runs outside a request. */
export function requireNginx(state: TransactionState): void {
  if (state.phase === 'log' || state.phase === 'certificate') raise('API disabled in the current context')
}
