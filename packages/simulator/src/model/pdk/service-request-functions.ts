import { HTTP_METHODS } from '@kong-ts/core/server'
import { asciiLower, encodeJson, LuaError, LuaTable, luaToString, luaType, type LuaValue, raise } from '@kong-ts/schema/lua'
import { encodeMultipart } from '../http/body-formats.js'
import { lookupHeader } from '../http/header-lines.js'
import { encodeSortedArgs, percentEncode, withoutArg } from '../http/url-encoding.js'
import { escapePath } from '../request/request-target.js'
import type { TransactionState } from '../state/transaction-state.js'
import { headerArgument, headersArgument, textArgument } from './argument-checks.js'
import { REWRITE_ACCESS, type PdkFunction, type PdkNamespace } from './pdk-function.js'

const METHODS: ReadonlySet<string> = new Set(HTTP_METHODS)

/** A function that changes the request to the service and returns nothing. */
function changing(change: (state: TransactionState, args: readonly LuaValue[]) => void): PdkFunction {
  return {
    phases: REWRITE_ACCESS,
    call: (state, args) => {
      change(state, args)
      return undefined
    },
  }
}

export const SERVICE_REQUEST_FUNCTIONS: PdkNamespace = {
  'kong.service.request.enable_buffering': changing((state) => {
    state.buffered = true
  }),
  'kong.service.request.set_scheme': changing(({ upstream }, [scheme]) => {
    const text = textArgument(scheme, 'scheme must be a string')
    upstream.scheme = text === 'http' || text === 'https' ? text : raise(`invalid scheme: ${text}`)
  }),
  'kong.service.request.set_path': changing(({ upstream }, [path]) => {
    const text = textArgument(path, 'path must be a string')
    if (!text.startsWith('/')) raise('path must start with /')
    upstream.uri = escapePath(text)
  }),
  'kong.service.request.set_raw_query': changing(({ request }, [query]) => {
    request.args = escapeQuery(textArgument(query, 'query must be a string'))
  }),
  'kong.service.request.set_query': changing(({ request }, [args]) => {
    if (!(args instanceof LuaTable)) raise('args must be a table')
    else request.args = encodeSortedArgs(args)
  }),
  'kong.service.request.clear_query_arg': changing(({ request }, [name]) => {
    const key = textArgument(name, 'query argument name must be a string')
    if (request.args) request.args = withoutArg(request.args, key)
  }),
  'kong.service.request.set_method': changing(({ request }, [method]) => {
    const text = textArgument(method, 'method must be a string')
    request.method = METHODS.has(text) ? text : raise(`invalid method: ${text}`)
  }),
  'kong.service.request.set_header': changing((state, [name, value]) => {
    const header = headerArgument(name, value)
    noteHost(state, header.name, value)
    if (asciiLower(header.name) !== ':authority') state.request.headers.set(header.name, header.values)
  }),
  'kong.service.request.add_header': changing((state, [name, value]) => {
    const header = headerArgument(name, value)
    noteHost(state, header.name, value)
    const { headers } = state.request
    const present = lookupHeader(headers.table(state.node.settings.luaMaxReqHeaders), header.name)
    const values = present instanceof LuaTable ? [...present.items()].map(luaToString) : present === undefined ? [] : [present]
    headers.set(header.name, [...values, value instanceof LuaTable ? luaToString(value) : (header.values[0] ?? '')])
  }),
  'kong.service.request.clear_header': changing(({ request }, [name]) => {
    request.headers.clear(textArgument(name, 'header must be a string'))
  }),
  'kong.service.request.set_headers': changing((state, [headers]) => {
    for (const { name, values, raw } of headersArgument(headers)) {
      noteHost(state, name, raw)
      state.request.headers.set(name, values)
    }
  }),
  'kong.service.request.set_raw_body': {
    ...changing((state, [body]) => replaceBody(state, textArgument(body, 'body must be a string'))),
    readsBody: true,
  },
  'kong.service.request.set_body': { phases: REWRITE_ACCESS, readsBody: true, call: setBody },
}

/** Sends a Host header of a plugin to the service. A list becomes the text that Lua's `tostring` makes of a table. */
function noteHost({ upstream }: TransactionState, name: string, value: LuaValue): void {
  if (asciiLower(name) === 'host') upstream.host = luaToString(value)
}

/** `ngx.req.set_uri_args` encodes blanks and control characters only. */
function escapeQuery(query: string): string {
  return percentEncode(query, /[\x00-\x20\x7f]/g)
}

function replaceBody(state: TransactionState, body: string): void {
  const { request } = state
  request.body.read()
  request.body.replace(body)
  request.headers.set('Content-Length', [String(body.length)])
  request.headers.clear('Transfer-Encoding')
}

function setBody(state: TransactionState, [args, mime]: readonly LuaValue[]): LuaValue {
  if (!(args instanceof LuaTable)) return raise('args must be a table')
  if (mime !== undefined && mime !== false && typeof mime !== 'string') return raise('mime must be a string')
  const fromRequest = lookupHeader(state.request.headers.table(state.node.settings.luaMaxReqHeaders), 'Content-Type')
  const chosen = mime === undefined || mime === false ? fromRequest : mime
  if (chosen === undefined) return undefined
  if (chosen instanceof LuaTable) return raise(`bad argument #1 to 'find' (string expected, got ${luaType(chosen)})`)
  const encode = encoderOf(chosen)
  state.request.body.read()
  const encoded = encode(args)
  replaceBody(state, encoded.body)
  state.request.headers.set('Content-Type', [encoded.contentType])
  return true
}

type BodyEncoder = (args: LuaTable) => { readonly body: string; readonly contentType: string }

function encoderOf(contentType: string): BodyEncoder {
  switch (contentType.split(';', 1)[0]) {
    case 'application/x-www-form-urlencoded':
      return (args) => ({ body: encodeSortedArgs(args), contentType })
    case 'application/json':
      return (args) => ({ body: jsonBody(args), contentType })
    case 'multipart/form-data':
      return (args) => encodeMultipart(args, contentType)
    default:
      return raise(`unsupported content type ${contentType}`)
  }
}

function jsonBody(args: LuaTable): string {
  try {
    return encodeJson(args)
  } catch (error) {
    if (error instanceof LuaError) return raise(error.message)
    throw error
  }
}
