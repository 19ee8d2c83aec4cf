import { asciiLower, LuaTable, type LuaValue, raise, textToBytes } from '@kong-ts/schema/lua'
import { bodyKind, decodeDocument } from '../http/body-formats.js'
import { firstHeader } from '../http/header-lines.js'
import { decodeArgs } from '../http/url-encoding.js'
import { responseTable } from '../response/client-response.js'
import type { BufferedResponse, TransactionState } from '../state/transaction-state.js'
import { limitArgument, mimeTypeArgument, textArgument } from './argument-checks.js'
import { requireNginx, RESPONSE_AND_LOG, type PdkNamespace } from './pdk-function.js'

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
  // While buffering, Kong answers with a table that has no members of its own, so an empty one is sent.
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
      return firstHeader(responseTable(state, state.node.settings.luaMaxRespHeaders), text)
    },
  },
  'kong.service.response.get_raw_body': { phases: RESPONSE_AND_LOG, call: (state) => textToBytes(bufferedBody(state)) },
  'kong.service.response.get_body': { phases: RESPONSE_AND_LOG, call: serviceBody },
}

/** Finds a header of the service in any spelling. A spelling other than the given and the lower-case one is searched in the first `limit` headers. */
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
  const chosen = mimeTypeArgument(mimetype)
  const own = state.bufferedResponse && serviceHeader(state.bufferedResponse, 'Content-Type', state.node.settings.luaMaxRespHeaders)
  const contentType = chosen ?? own
  const kind = contentType === undefined ? undefined : bodyKind(contentType)
  if (contentType === undefined || kind === undefined) return undefined
  if (kind === 'form') return decodeArgs(body, limitArgument(limit, 'max_args') ?? DEFAULT_MAX_ARGS)
  return decodeDocument(kind, body, contentType)
}
