import { raise, asciiLower, textToBytes, luaType, LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { bodyKind, decodeDocument } from '../body/decode-body.js'
import { decodeArgs } from '../http/query-args.js'
import { firstOf, lookup } from '../request/request-headers.js'
import type { BufferedResponse, TransactionState } from '../transaction/transaction-state.js'
import { limitArgument, textArgument } from './argument-checks.js'
import { requireNginx, RESPONSE_AND_LOG, type PdkNamespace } from './pdk-function.js'
import { responseTable } from './response-functions.js'

const DEFAULT_MAX_ARGS = 100

export const SERVICE_RESPONSE_FUNCTIONS: PdkNamespace = {
  'kong.service.response.get_status': {
    phases: RESPONSE_AND_LOG,
    call: (state) => {
      if (state.bufferedResponse) return state.bufferedResponse.status
      requireNginx(state)
      const last = Number(state.upstream.status?.slice(-3))
      return Number.isNaN(last) ? undefined : last
    },
  },
  // The table Kong answers with while buffering has no keys of its own, so nothing of it travels.
  'kong.service.response.get_headers': {
    phases: RESPONSE_AND_LOG,
    call: (state, [limit]) => {
      limitArgument(limit, 'max_headers')
      if (!state.bufferedResponse) requireNginx(state)
      return state.bufferedResponse ? new LuaTable() : responseTable(state, state.node.settings.luaMaxRespHeaders)
    },
  },
  'kong.service.response.get_header': {
    phases: RESPONSE_AND_LOG,
    call: (state, [name]) => {
      const text = textArgument(name, 'name must be a string')
      if (state.bufferedResponse) return serviceHeader(state.bufferedResponse, text, state.node.settings.luaMaxRespHeaders)
      requireNginx(state)
      return firstOf(lookup(responseTable(state, state.node.settings.luaMaxRespHeaders), text))
    },
  },
  'kong.service.response.get_raw_body': { phases: RESPONSE_AND_LOG, call: (state) => textToBytes(bufferedBody(state)) },
  'kong.service.response.get_body': { phases: RESPONSE_AND_LOG, call: serviceBody },
}

/** A header of the service by any spelling; names that differ from the given and the lower-case form are searched among the first few. */
function serviceHeader({ headers }: BufferedResponse, name: string, limit: number): string | undefined {
  const lower = asciiLower(name)
  const exact = headers.get(name) ?? headers.get(lower) ?? headers.get(lower.replaceAll('-', '_'))
  if (exact) return exact[0]
  const wanted = lower.replaceAll('-', '_')
  let seen = 0
  for (const [key, values] of headers) {
    if (++seen > limit) return undefined
    if (asciiLower(key).replaceAll('-', '_') === wanted) return values[0]
  }
  return undefined
}

function bufferedBody(state: TransactionState): string {
  if (!state.buffered)
    return raise('service body is only available with buffered proxying (see: kong.service.request.enable_buffering function)')
  return state.bufferedResponse?.body ?? ''
}

function serviceBody(state: TransactionState, [mimetype, limit]: readonly LuaValue[]): LuaValue {
  const body = bufferedBody(state)
  const chosen = mimetype === false ? undefined : mimetype
  if (chosen !== undefined && typeof chosen !== 'string' && typeof chosen !== 'number') {
    raise(`bad argument #1 to 'lower' (string expected, got ${luaType(chosen)})`)
  }
  const own = state.bufferedResponse && serviceHeader(state.bufferedResponse, 'Content-Type', state.node.settings.luaMaxRespHeaders)
  const contentType = chosen === undefined ? own : String(chosen)
  const kind = contentType === undefined ? undefined : bodyKind(contentType)
  if (contentType === undefined || kind === undefined) return undefined
  if (kind === 'form') return decodeArgs(body, limitArgument(limit, 'max_args') ?? DEFAULT_MAX_ARGS)
  return decodeDocument(kind, body, contentType)
}
