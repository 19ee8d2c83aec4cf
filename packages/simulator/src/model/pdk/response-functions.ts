import { encodeJson, LuaError, LuaTable, luaToString, type LuaValue, raise } from '@kong-ts/schema/lua'
import { firstHeader, type HeaderValues } from '../http/header-lines.js'
import { responseTable } from '../response/client-response.js'
import { carryOutExit, setResponseHeader } from '../response/end-request.js'
import { errorBody, errorContentType } from '../response/error-body.js'
import { errorMessage, unnamedErrorMessage } from '../response/status-texts.js'
import type { PluginExit, TransactionState } from '../state/transaction-state.js'
import { headerArgument, headersArgument, limitArgument, statusArgument, textArgument } from './argument-checks.js'
import { BEFORE_CONTENT, FINAL, RESPONSE_AND_LOG, type PdkNamespace, type PdkResult } from './pdk-function.js'

export const RESPONSE_FUNCTIONS: PdkNamespace = {
  'kong.response.get_status': { phases: RESPONSE_AND_LOG, call: ({ snapshot, response }) => snapshot?.status ?? response.status },
  'kong.response.get_headers': {
    phases: RESPONSE_AND_LOG,
    call: (state, [limit]) => {
      if (state.snapshot) return state.snapshot.responseHeaders
      return responseTable(state, limitArgument(limit, 'max_headers') ?? state.node.settings.luaMaxRespHeaders)
    },
  },
  'kong.response.get_header': {
    phases: RESPONSE_AND_LOG,
    call: (state, [name]) => {
      if (state.snapshot) return typeof name === 'string' ? firstHeader(state.snapshot.responseHeaders, name) : undefined
      const text = textArgument(name, 'header name must be a string')
      return firstHeader(responseTable(state, state.node.settings.luaMaxRespHeaders), text)
    },
  },
  'kong.response.get_source': { phases: RESPONSE_AND_LOG, call: ({ responseSource }) => responseSource },
  'kong.response.get_raw_body': { phases: [], call: () => undefined },
  'kong.response.set_raw_body': { phases: [], call: () => undefined },
  'kong.response.set_status': {
    phases: BEFORE_CONTENT,
    call: ({ response }, [status]) => {
      response.status = statusArgument(status, 100)
      return undefined
    },
  },
  'kong.response.set_header': {
    phases: BEFORE_CONTENT,
    call: (state, [name, value]) => {
      const header = headerArgument(name, value)
      setResponseHeader(state, header.name, header.values)
      return undefined
    },
  },
  'kong.response.add_header': {
    phases: BEFORE_CONTENT,
    call: ({ response }, [name, value]) => {
      const header = headerArgument(name, value)
      response.headers.add(header.name, header.values)
      return undefined
    },
  },
  'kong.response.clear_header': {
    phases: BEFORE_CONTENT,
    call: ({ response }, [name]) => {
      response.headers.set(textArgument(name, 'header name must be a string'), [])
      return undefined
    },
  },
  'kong.response.set_headers': {
    phases: BEFORE_CONTENT,
    call: (state, [headers]) => {
      for (const { name, values } of headersArgument(headers)) setResponseHeader(state, name, values)
      return undefined
    },
  },
  'kong.response.exit': { phases: [...BEFORE_CONTENT, 'preread'], call: exit },
  'kong.response.error': {
    phases: BEFORE_CONTENT,
    call: (state, [status, message, headers]) => {
      return endWith(state, buildError(state, status, message, headers))
    },
  },
}

function exit(state: TransactionState, args: readonly LuaValue[]): PdkResult {
  if (state.subsystem === 'stream') return exitStream(state, args)
  const [status, body, headers] = args
  const code = statusArgument(status, 100)
  if (body !== undefined && typeof body !== 'string' && !(body instanceof LuaTable)) raise('body must be a nil, string or table')
  const content = typeof body === 'string' || body instanceof LuaTable ? body : undefined
  return endWith(state, { status: code, body: content, headers: exitHeaders(headers) })
}

/** The statuses with which a plugin can end a connection without HTTP. */
const STREAM_STATUSES = new Set([200, 400, 403, 500, 502, 503])

function exitStream(state: TransactionState, [status, body]: readonly LuaValue[]): typeof FINAL {
  if (typeof status !== 'number') raise('code must be a number')
  const code = Number(status)
  if (!STREAM_STATUSES.has(code)) raise('unacceptable code, only 200, 400, 403, 500, 502 and 503 are accepted')
  const text = messageText(body)
  state.ctx.set('KONG_EXITED', true)
  state.delayed = { status: code, body: text, headers: undefined }
  return FINAL
}

function exitHeaders(headers: LuaValue): HeaderValues | undefined {
  const table = tableOfHeaders(headers)
  return table && headersArgument(table)
}

function tableOfHeaders(headers: LuaValue): LuaTable | undefined {
  if (headers === undefined || headers instanceof LuaTable) return headers
  return raise('headers must be a nil or table')
}

/** In access Kong carries the exit out when the phase is over; in other phases at once. */
function endWith(state: TransactionState, exitWith: PluginExit): typeof FINAL {
  state.ctx.set('KONG_EXITED', true)
  if (state.phase === 'access') state.delayed = exitWith
  else carryOutExit(state, exitWith)
  return FINAL
}

/** Builds the exit of `kong.response.error`. Raises for bad arguments, and for a content type that Kong has no template for. */
export function buildError(state: TransactionState, status: LuaValue, message: LuaValue, headers: LuaValue): PluginExit {
  const code = statusArgument(status, 400)
  // Kong looks the message up before it cuts off the fraction of the status.
  const standard = typeof status === 'number' && Number.isInteger(status) ? errorMessage(code) : unnamedErrorMessage(code)
  const text = messageText(message)
  const given = tableOfHeaders(headers) ?? new LuaTable()
  headersArgument(given)
  const named = given.get('Content-Type')
  const contentType = named === undefined ? chosenType(state) : luaToString(named instanceof LuaTable ? named.get(1) : named)
  const all = new LuaTable()
  for (const [key, value] of given) all.set(key, value)
  all.set('Content-Type', contentType)
  const exitWith = { status: code, headers: headersArgument(all) }
  if (contentType === 'application/grpc') return { ...exitWith, body: undefined }
  const body = errorBody(contentType, text ?? standard, state.requestId)
  if (body === undefined) return raise("bad argument #1 to 'fmt' (string expected, got nil)")
  return { ...exitWith, body }
}

function chosenType(state: TransactionState): string {
  if (state.request.isGrpc) return 'application/grpc'
  return errorContentType(state.request.headers.values('accept').join(','))
}

function messageText(message: LuaValue): string | undefined {
  if (message === undefined || typeof message === 'string') return message
  if (!(message instanceof LuaTable)) return raise('message must be a nil, a string or a table')
  try {
    return encodeJson(message)
  } catch (error) {
    if (error instanceof LuaError) return raise(`could not JSON encode the error message: ${error.message}`)
    throw error
  }
}
