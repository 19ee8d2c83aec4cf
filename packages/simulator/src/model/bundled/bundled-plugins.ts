import { LuaTable } from '@kong-ts/schema/lua'
import type { TransactionPhase, TransactionState } from '../state/transaction-state.js'
import type { HeaderValues } from '../http/header-lines.js'
import { basicAuth, keyAuth } from './authentication-plugins.js'
import { requestTransformer, responseTransformer } from './transformer-plugins.js'

/** A simulated plugin of Kong's own distribution. */
export interface BundledPlugin {
  readonly name: string
  readonly priority: number
  readonly handlers: { readonly [Phase in TransactionPhase]?: (state: TransactionState, config: LuaTable) => void }
}

/** The simulated plugins of Kong's own distribution, by name. */
export const BUNDLED_PLUGINS: ReadonlyMap<string, BundledPlugin> = new Map(
  [
    { name: 'key-auth', priority: 1250, handlers: { access: keyAuth } },
    { name: 'basic-auth', priority: 1100, handlers: { access: basicAuth } },
    { name: 'request-transformer', priority: 801, handlers: { access: requestTransformer } },
    { name: 'response-transformer', priority: 800, handlers: { access: responseTransformer } },
    { name: 'request-termination', priority: 2, handlers: { access: requestTermination } },
  ].map((plugin) => [plugin.name, plugin]),
)

/** Kong's request-termination plugin: answers every request itself. */
function requestTermination(state: TransactionState, config: LuaTable): void {
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
