import { timingSafeEqual } from 'node:crypto'
import type { LuaTable } from '@kong-ts/schema/lua'
import type { TransactionState } from '../state/transaction-state.js'
import { anonymousConsumer, consumerOf, refuse, setConsumer } from './authenticated.js'

/** Kong's basic-auth plugin: finds the consumer by user and password of the Authorization header. */
export function basicAuth(state: TransactionState, config: LuaTable): void {
  const realm = config.get('realm')
  const challenge = `Basic realm="${typeof realm === 'string' ? realm : 'service'}"`
  const given = credentials(state.request.header('Authorization'))
  const credential =
    given &&
    state.node.credentials
      .get('basicauth_credentials')
      ?.find((entity) => entity.get('username') === given.user && equal(entity.get('password'), given.password))
  if (credential) {
    setConsumer(state, consumerOf(state, credential), credential)
    return
  }
  const anonymous = anonymousConsumer(state, config.get('anonymous'))
  if (anonymous) setConsumer(state, anonymous, undefined)
  else refuse(state, 'Unauthorized', challenge)
}

function credentials(header: string | undefined): { readonly user: string; readonly password: string } | undefined {
  const encoded = /^basic\s+(\S+)/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('latin1')
  const at = text.indexOf(':')
  return at < 0 ? undefined : { user: text.slice(0, at), password: text.slice(at + 1) }
}

function equal(expected: unknown, given: string): boolean {
  if (typeof expected !== 'string') return false
  const [left, right] = [Buffer.from(expected, 'latin1'), Buffer.from(given, 'latin1')]
  return left.length === right.length && timingSafeEqual(left, right)
}
