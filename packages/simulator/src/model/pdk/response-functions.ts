import { encodeJson, LuaError, raise, asciiLower, luaToString, LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { firstOf, lookup } from '../request/request-headers.js'
import { carryOutExit } from '../response/carry-out-exit.js'
import { computedHeaders } from '../response/response-head.js'
import { errorMessage, unnamedErrorMessage } from '../response/error-message.js'
import { errorBody, errorContentType } from '../response/mime-type.js'
import { isGrpcRequest, transferEncodingWarning } from '../response/write-exit.js'
import type { DelayedExit, TransactionState } from '../transaction/transaction-state.js'
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
      if (state.snapshot) return typeof name === 'string' ? firstOf(lookup(state.snapshot.responseHeaders, name)) : undefined
      const text = textArgument(name, 'header name must be a string')
      return firstOf(lookup(responseTable(state, state.node.settings.luaMaxRespHeaders), text))
    },
  },
  'kong.response.get_source': { phases: RESPONSE_AND_LOG, call: responseSource },
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
      setUnlessTransferEncoding(state, header.name, header.values)
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
      for (const { name, values } of headersArgument(headers)) setUnlessTransferEncoding(state, name, values)
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

/** `kong.response.get_source`: who made the response. */
export function responseSource(state: TransactionState): 'service' | 'exit' | 'error' {
  if (state.unexpected) return 'error'
  if (state.exited) return 'exit'
  return state.proxied ? 'service' : 'error'
}

/** Response headers as `ngx.resp.get_headers` gives them. */
export function responseTable(state: TransactionState, limit: number): LuaTable {
  return state.response.headers.table(limit, computedHeaders(state))
}

function setUnlessTransferEncoding(state: TransactionState, name: string, values: readonly string[]): void {
  if (asciiLower(name).replaceAll('_', '-') === 'transfer-encoding') state.log.write('warn', transferEncodingWarning(state))
  else state.response.headers.set(name, values)
}

function exit(state: TransactionState, args: readonly LuaValue[]): PdkResult {
  if (state.subsystem === 'stream') return exitStream(state, args)
  const [status, body, headers] = args
  const code = statusArgument(status, 100)
  if (body !== undefined && typeof body !== 'string' && !(body instanceof LuaTable)) raise('body must be a nil, string or table')
  const content = typeof body === 'string' || body instanceof LuaTable ? body : undefined
  return endWith(state, { status: code, body: content, headers: checkedHeaders(headers) })
}

/** Statuses with which a plugin may end a connection that is no HTTP. */
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

function checkedHeaders(headers: LuaValue): LuaTable | undefined {
  if (headers === undefined) return undefined
  if (!(headers instanceof LuaTable)) return raise('headers must be a nil or table')
  headersArgument(headers)
  return headers
}

/** In access the exit waits until the phase is over; elsewhere it is carried out at once. */
function endWith(state: TransactionState, exitWith: DelayedExit): typeof FINAL {
  state.ctx.set('KONG_EXITED', true)
  if (state.phase === 'access') state.delayed = exitWith
  else carryOutExit(state, exitWith)
  return FINAL
}

/** What `kong.response.error` answers with; raises on bad arguments and on a content type without a template. */
export function buildError(state: TransactionState, status: LuaValue, message: LuaValue, headers: LuaValue): DelayedExit {
  const code = statusArgument(status, 400)
  // The message is looked up before the fraction of a status is cut off.
  const standard = typeof status === 'number' && Number.isInteger(status) ? errorMessage(code) : unnamedErrorMessage(code)
  const text = messageText(message)
  const given = checkedHeaders(headers) ?? new LuaTable()
  const named = given.get('Content-Type')
  const contentType = named === undefined ? chosenType(state) : named instanceof LuaTable ? luaToString(named.get(1)) : luaToString(named)
  const all = new LuaTable()
  for (const [key, value] of given) all.set(key, value)
  all.set('Content-Type', contentType)
  if (contentType === 'application/grpc') return { status: code, body: undefined, headers: all }
  const body = errorBody(contentType, text ?? standard, state.requestId)
  if (body === undefined) return raise("bad argument #1 to 'fmt' (string expected, got nil)")
  return { status: code, body, headers: all }
}

function chosenType(state: TransactionState): string {
  if (isGrpcRequest(state)) return 'application/grpc'
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
