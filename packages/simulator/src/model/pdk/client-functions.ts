import { LuaTable, luaToString, type LuaValue, raise } from '@kong-ts/schema/lua'
import { truthy, type TransactionState } from '../state/transaction-state.js'
import { ACCESS, AUTH_AND_LATER, BEFORE_CONTENT, REQUEST_PHASES, requireNginx, type PdkNamespace } from './pdk-function.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const CLIENT_FUNCTIONS: PdkNamespace = {
  'kong.client.get_ip': { readsNginx: true, call: ({ client }) => client.peer.ip },
  'kong.client.get_forwarded_ip': { readsNginx: true, call: ({ request }) => request.remote.ip },
  'kong.client.get_port': { readsNginx: true, call: ({ client }) => client.peer.port },
  'kong.client.get_forwarded_port': { readsNginx: true, call: ({ request }) => request.remote.port },
  'kong.client.get_credential': { phases: AUTH_AND_LATER, call: ({ ctx }) => ctx.get('authenticated_credential') },
  'kong.client.get_consumer': { phases: AUTH_AND_LATER, call: ({ ctx }) => ctx.get('authenticated_consumer') },
  'kong.client.load_consumer': { phases: AUTH_AND_LATER, call: loadConsumer },
  'kong.client.authenticate': { phases: ACCESS, call: authenticate },
  'kong.client.get_protocol': { phases: AUTH_AND_LATER, call: protocol },
  'kong.client.tls.request_client_certificate': { phases: ['certificate'], call: () => true },
  'kong.client.tls.disable_session_reuse': { phases: ['certificate'], call: () => true },
  'kong.client.tls.disable_http2_alpn': { phases: [], call: () => undefined },
  // No listener of the simulator asks for a client certificate, so there is never a chain.
  'kong.client.tls.get_full_client_certificate_chain': { phases: REQUEST_PHASES, readsNginx: true, call: () => undefined },
  'kong.client.tls.set_client_verify': {
    phases: BEFORE_CONTENT,
    call: ({ ctx }, [value]) => {
      if (typeof value !== 'string') return raise('assertion failed!')
      if (value !== 'SUCCESS' && value !== 'NONE' && !value.startsWith('FAILED:')) return raise(`unknown client verify value: ${value}`)
      ctx.set('CLIENT_VERIFY_OVERRIDE', value)
      return undefined
    },
  },
}

function loadConsumer({ node }: TransactionState, [id, byUsername]: readonly LuaValue[]): LuaValue {
  if (typeof id !== 'string') return raise('consumer_id must be a string')
  const isId = UUID.test(id)
  if (!isId && !truthy(byUsername)) return raise('cannot load a consumer with an id that is not a uuid')
  const found = isId ? node.consumers.find((consumer) => consumer.get('id') === id.toLowerCase()) : undefined
  return found ?? (truthy(byUsername) ? node.consumers.find((consumer) => consumer.get('username') === id) : undefined)
}

function authenticate({ ctx }: TransactionState, [consumer, credential]: readonly LuaValue[]): undefined {
  if (consumer !== undefined && !(consumer instanceof LuaTable)) raise('consumer must be a table or nil')
  if (credential !== undefined && !(credential instanceof LuaTable)) raise('credential must be a table or nil')
  if (consumer === undefined && credential === undefined) raise('either credential or consumer must be provided')
  ctx.set('authenticated_consumer', consumer)
  ctx.set('authenticated_credential', credential)
}

function protocol(state: TransactionState, [allowTerminated]: readonly LuaValue[]): LuaValue {
  const route = state.ctx.get('route')
  if (!(route instanceof LuaTable)) return undefined
  const protocols = route.get('protocols')
  const names = protocols instanceof LuaTable ? [...protocols.items()].map(luaToString) : []
  if (names.length === 1) return names[0]
  requireNginx(state)
  if (state.subsystem === 'stream') return state.client.tls ? 'tls' : 'tcp'
  const { request } = state
  if (request.scheme === 'https') return 'https'
  if (!truthy(allowTerminated) || !request.peerIsTrusted) return 'http'
  const forwarded = request.headers.variable('x-forwarded-proto')
  if (forwarded === undefined) return 'http'
  if (forwarded.includes(',')) return undefined
  return forwarded.toLowerCase() === 'https' ? 'https' : 'http'
}
