import { timingSafeEqual } from 'node:crypto'
import { LuaTable, luaToString, type LuaValue } from '@kong-ts/schema/lua'
import { decodeArgs } from '../http/url-encoding.js'
import type { TransactionState } from '../state/transaction-state.js'
import type { KongEntity } from '../node/kong-node.js'
import { buildError } from '../pdk/response-functions.js'
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

/** Sets consumer and credential, and the headers that tell the service about them, as Kong's authentication plugins do. */
function setConsumer({ ctx, request }: TransactionState, consumer: KongEntity | undefined, credential: KongEntity | undefined): void {
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
function consumerOf({ node }: TransactionState, credential: KongEntity): KongEntity | undefined {
  const reference = credential.get('consumer')
  const id = reference instanceof LuaTable ? reference.get('id') : undefined
  return node.consumers.find((consumer) => consumer.get('id') === id)
}

/** The consumer for clients without credentials. @param name its id or username; undefined when the plugin has none. */
function anonymousConsumer({ node }: TransactionState, name: LuaValue): KongEntity | undefined {
  return name === undefined
    ? undefined
    : node.consumers.find((consumer) => consumer.get('id') === name || consumer.get('username') === name)
}

/** Ends the request with 401 and a challenge. */
function refuse(state: TransactionState, message: string, challenge: string): void {
  state.ctx.set('KONG_EXITED', true)
  state.delayed = buildError(state, 401, message, LuaTable.record([['WWW-Authenticate', challenge]]))
}
