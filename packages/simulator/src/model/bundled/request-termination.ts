import { LuaTable } from '@kong-ts/schema/lua'
import type { HeaderValues } from '../http/header-lines.js'
import type { TransactionState } from '../state/transaction-state.js'

/** Kong's request-termination plugin: answers every request itself. */
export function requestTermination(state: TransactionState, config: LuaTable): void {
  const status = config.get('status_code')
  const message = config.get('message')
  const body = config.get('body')
  const type = config.get('content_type')
  const code = typeof status === 'number' ? status : 503
  state.ctx.set('KONG_EXITED', true)
  if (typeof body === 'string') {
    const headers: HeaderValues = [{ name: 'Content-Type', values: [typeof type === 'string' ? type : 'application/json; charset=utf-8'] }]
    state.delayed = { status: code, body, headers }
    return
  }
  const text = typeof message === 'string' ? message : code === 503 ? 'Service unavailable' : undefined
  state.delayed = { status: code, body: text === undefined ? undefined : LuaTable.record([['message', text]]), headers: undefined }
}
