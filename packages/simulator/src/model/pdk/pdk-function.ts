import { type LuaValue, raise } from '@kong-ts/schema/lua'
import type { ConnectionPhase, TransactionPhase, TransactionState } from '../state/transaction-state.js'

/** The result of a call that ended the phase. Kong never answers it. */
export const FINAL = Symbol('final')
/** The result of a call that hangs. */
export const NEVER = Symbol('never')

/** The result of a PDK function. */
export type PdkResult = LuaValue | typeof FINAL | typeof NEVER

/** A phase in which a function can be called. */
export type PdkPhase = TransactionPhase | ConnectionPhase

/** One function of the PDK. */
export interface PdkFunction {
  /** The phases in which Kong allows the call. Absent: all. */
  readonly phases?: readonly PdkPhase[]
  /** True when it reads nginx's request, which exists neither in the log phase nor in the TLS handshake. */
  readonly readsNginx?: boolean
  /** True when it reads the client's body. */
  readonly readsBody?: boolean
  readonly call: (state: TransactionState, args: readonly LuaValue[]) => PdkResult
}

/** Functions by their full name, such as `kong.request.get_path`. */
export type PdkNamespace = Readonly<Record<string, PdkFunction>>

export const REQUEST_PHASES: readonly PdkPhase[] = ['rewrite', 'access', 'response', 'log']
export const BEFORE_CONTENT: readonly PdkPhase[] = ['rewrite', 'access', 'response']
export const REWRITE_ACCESS: readonly PdkPhase[] = ['rewrite', 'access']
export const AUTH_AND_LATER: readonly PdkPhase[] = ['access', 'response', 'log']
export const ACCESS: readonly PdkPhase[] = ['access']
export const RESPONSE_AND_LOG: readonly PdkPhase[] = ['response', 'log']

/** Calls a function after the checks that Kong makes before it. Raises a LuaError where Kong raises. */
export function callPdkFunction(fn: PdkFunction, state: TransactionState, args: readonly LuaValue[]): PdkResult {
  const { phase } = state
  if (fn.phases && !(phase && fn.phases.includes(phase))) {
    raise(`function cannot be called in ${phase ?? 'unknown'} phase (only in: ${fn.phases.join(', ')})`)
  }
  if (fn.readsNginx === true) requireNginx(state)
  return fn.call(state, args)
}

/** Raises in the phases in which nginx has no request. */
export function requireNginx(state: TransactionState): void {
  if (state.phase === 'log' || state.phase === 'certificate') raise('API disabled in the current context')
}
