import type { LuaTable } from '@kong-ts/schema/lua'
import { decodeArgs } from '../http/url-encoding.js'
import type { TransactionState } from '../state/transaction-state.js'
import { anonymousConsumer, consumerOf, refuse, setConsumer } from './authenticated.js'
import { texts } from './bundled-config.js'

/** Kong's key-auth plugin: finds the consumer by a key in a header or query argument. */
export function keyAuth(state: TransactionState, config: LuaTable): void {
  const names = texts(config, 'key_names')
  const key = findKey(state, names.length > 0 ? names : ['apikey'])
  const credential =
    key === undefined ? undefined : state.node.credentials.get('keyauth_credentials')?.find((entity) => entity.get('key') === key)
  if (credential) {
    setConsumer(state, consumerOf(state, credential), credential)
    return
  }
  const anonymous = anonymousConsumer(state, config.get('anonymous'))
  if (anonymous) setConsumer(state, anonymous, undefined)
  else refuse(state, key === undefined ? 'No API key found in request' : 'Unauthorized', 'Key')
}

function findKey({ request, node }: TransactionState, names: readonly string[]): string | undefined {
  const args = decodeArgs(request.args ?? '', node.settings.luaMaxUriArgs)
  for (const name of names) {
    const argument = args.get(name)
    const key = request.header(name) ?? (typeof argument === 'string' ? argument : undefined)
    if (key !== undefined && key !== '') return key
  }
  return undefined
}
