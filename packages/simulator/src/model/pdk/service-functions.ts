import { LuaTable, luaType, raise } from '@kong-ts/schema/lua'
import type { TransactionState } from '../state/transaction-state.js'
import type { BalancerTarget } from '../state/upstream-state.js'
import { integerArgument, textArgument } from './argument-checks.js'
import { ACCESS, REWRITE_ACCESS, type PdkFunction, type PdkNamespace, type PdkPhase } from './pdk-function.js'

const BEFORE_SERVICE: readonly PdkPhase[] = [...REWRITE_ACCESS, 'preread']
const LONGEST_TIMEOUT = 2147483646

export const SERVICE_FUNCTIONS: PdkNamespace = {
  'kong.service.set_upstream': {
    phases: ACCESS,
    call: (state, [host]) => {
      const name = textArgument(host, 'host must be a string')
      if (!state.node.upstreams.has(name)) return undefined
      balancer(state).host = name
      return true
    },
  },
  'kong.service.set_target': {
    phases: BEFORE_SERVICE,
    call: (state, [host, port]) => {
      const name = textArgument(host, 'host must be a string')
      const number = integerArgument(port, 'port', 0, 65535)
      state.upstream.host = name
      const target = balancer(state)
      target.host = name
      target.port = number
      return undefined
    },
  },
  'kong.service.set_retries': {
    phases: ACCESS,
    call: (state, [retries]) => {
      balancer(state).retries = integerArgument(retries, 'retries', 0, 32767)
      return undefined
    },
  },
  'kong.service.set_timeouts': {
    phases: ACCESS,
    call: (state, [connect, write, read]) => {
      const timeouts = {
        connectTimeout: integerArgument(connect, 'connect_timeout', 1, LONGEST_TIMEOUT),
        writeTimeout: integerArgument(write, 'write_timeout', 1, LONGEST_TIMEOUT),
        readTimeout: integerArgument(read, 'read_timeout', 1, LONGEST_TIMEOUT),
      }
      Object.assign(balancer(state), timeouts)
      return undefined
    },
  },
  'kong.service.set_target_retry_callback': { phases: ACCESS, call: () => raise('retry_callback must be a function') },
  'kong.service.set_tls_cert_key': { phases: REWRITE_ACCESS, call: () => raise('chain must be a parsed cdata object') },
  'kong.service.set_tls_verify': {
    phases: BEFORE_SERVICE,
    call: ({ upstream }, [on]) => {
      if (typeof on !== 'boolean') return raise('argument must be a boolean')
      upstream.tlsVerify = on
      return true
    },
  },
  'kong.service.set_tls_verify_depth': {
    phases: BEFORE_SERVICE,
    call: (_, [depth]) => (typeof depth === 'number' ? true : raise('argument must be a number')),
  },
  'kong.service.set_tls_verify_store': {
    phases: REWRITE_ACCESS,
    call: (_, [store]) => {
      return raise(
        store instanceof LuaTable
          ? 'bad argument #1: not a store'
          : `argument must be a resty.openssl.x509.store object, not ${luaType(store)}`,
      )
    },
  },
}

/** Functions that only connections without HTTP have. */
export const STREAM_FUNCTIONS: ReadonlyMap<string, PdkFunction> = new Map<string, PdkFunction>([
  [
    'kong.service.request.disable_tls',
    {
      phases: ['preread'],
      call: ({ upstream }) => {
        upstream.scheme = 'tcp'
        return true
      },
    },
  ],
])

/** The balancer's data. They exist once a route is matched. */
function balancer({ upstream }: TransactionState): BalancerTarget {
  return upstream.target ?? raise("attempt to index field 'balancer_data' (a nil value)")
}
