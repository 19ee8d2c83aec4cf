import { LuaTable, luaToString, type LuaValue } from '@kong-ts/schema/lua'
import type { KongEntity } from '../node/kong-node.js'
import { buildError } from '../pdk/response-functions.js'
import type { TransactionState } from '../state/transaction-state.js'

/** Sets consumer and credential, and the headers that tell the service about them, as Kong's authentication plugins do. */
export function setConsumer(
  { ctx, request }: TransactionState,
  consumer: KongEntity | undefined,
  credential: KongEntity | undefined,
): void {
  ctx.set('authenticated_consumer', consumer)
  ctx.set('authenticated_credential', credential)
  const header = (name: string, value: LuaValue): void =>
    request.headers.set(name, value === undefined || value === null ? [] : [luaToString(value)])
  header('X-Consumer-ID', consumer?.get('id'))
  header('X-Consumer-Custom-ID', consumer?.get('custom_id'))
  header('X-Consumer-Username', consumer?.get('username'))
  header('X-Credential-Identifier', credential?.get('id'))
  header('X-Anonymous-Consumer', consumer && !credential ? 'true' : undefined)
}

/** The consumer a credential belongs to. */
export function consumerOf({ node }: TransactionState, credential: KongEntity): KongEntity | undefined {
  const reference = credential.get('consumer')
  const id = reference instanceof LuaTable ? reference.get('id') : undefined
  return node.consumers.find((consumer) => consumer.get('id') === id)
}

/** The consumer for clients without credentials. @param name its id or username; undefined when the plugin has none. */
export function anonymousConsumer({ node }: TransactionState, name: LuaValue): KongEntity | undefined {
  return name === undefined
    ? undefined
    : node.consumers.find((consumer) => consumer.get('id') === name || consumer.get('username') === name)
}

/** Ends the request with 401 and a challenge. */
export function refuse(state: TransactionState, message: string, challenge: string): void {
  state.ctx.set('KONG_EXITED', true)
  state.delayed = buildError(state, 401, message, LuaTable.record([['WWW-Authenticate', challenge]]))
}
