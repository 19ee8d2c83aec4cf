import { asciiLower, LuaTable, luaToNumber, luaType, type LuaValue, raise, textToBytes } from '@kong-ts/schema/lua'
import { bodyKind, decodeDocument } from '../http/body-formats.js'
import { firstHeader } from '../http/header-lines.js'
import { decodeArgs } from '../http/url-encoding.js'
import type { TransactionState } from '../state/transaction-state.js'
import { limitArgument, mimeTypeArgument, textArgument } from './argument-checks.js'
import { BEFORE_CONTENT, REQUEST_PHASES, type PdkFunction, type PdkNamespace } from './pdk-function.js'

/** A function that reads nginx's request. */
function reading(read: (state: TransactionState, args: readonly LuaValue[]) => LuaValue): PdkFunction {
  return { phases: REQUEST_PHASES, readsNginx: true, call: read }
}

export const REQUEST_FUNCTIONS: PdkNamespace = {
  'kong.request.get_scheme': reading(({ request }) => request.scheme),
  'kong.request.get_host': reading(({ request }) => request.host),
  'kong.request.get_port': { readsNginx: true, call: ({ client }) => client.local.port },
  'kong.request.get_forwarded_scheme': reading(({ request }) => asciiLower(trustedHeader(request, 'X-Forwarded-Proto') ?? request.scheme)),
  'kong.request.get_forwarded_host': reading(({ request }) => {
    const authority = forwardedAuthority(request)
    return authority === undefined ? request.host : asciiLower(authority.split(':', 1)[0] ?? '')
  }),
  'kong.request.get_forwarded_port': reading(forwardedPort),
  'kong.request.get_forwarded_path': reading(({ request }) => trustedHeader(request, 'X-Forwarded-Path') ?? request.path),
  'kong.request.get_forwarded_prefix': reading(
    ({ request, upstream }) => trustedHeader(request, 'X-Forwarded-Prefix') ?? upstream.forwardedPrefix,
  ),
  'kong.request.get_http_version': reading(({ request }) => request.httpVersion),
  'kong.request.get_method': reading(({ request }) => request.method),
  'kong.request.get_path': reading(({ request }) => request.path),
  'kong.request.get_raw_path': reading(({ request }) => request.rawPath),
  'kong.request.get_path_with_query': reading(({ request }) => request.target.requestUri),
  'kong.request.get_raw_query': reading(({ request }) => request.args ?? ''),
  'kong.request.get_query_arg': reading((state, [name]) => {
    const key = textArgument(name, 'query argument name must be a string')
    const value = queryArgs(state, undefined).get(key)
    return value instanceof LuaTable ? value.get(1) : value
  }),
  'kong.request.get_query': reading((state, [limit]) => queryArgs(state, limitArgument(limit, 'max_args'))),
  'kong.request.get_header': {
    phases: REQUEST_PHASES,
    call: (state, [name]) => {
      if (state.snapshot) return typeof name === 'string' ? firstHeader(state.snapshot.requestHeaders, name) : undefined
      return state.request.header(textArgument(name, 'header name must be a string'))
    },
  },
  'kong.request.get_headers': {
    phases: REQUEST_PHASES,
    call: (state, [limit]) => {
      if (state.snapshot) return state.snapshot.requestHeaders
      return state.request.headers.table(limitArgument(limit, 'max_headers') ?? state.node.settings.luaMaxReqHeaders)
    },
  },
  'kong.request.get_raw_body': {
    phases: BEFORE_CONTENT,
    readsNginx: true,
    readsBody: true,
    call: (state, [limit]) => {
      const body = rawBody(state, limit)
      return body === undefined ? raise('bad argument to the packer: the body is in a file') : textToBytes(body)
    },
  },
  'kong.request.get_body': {
    phases: BEFORE_CONTENT,
    readsNginx: true,
    readsBody: true,
    call: (state, [mimetype, limit, size]) => body(state, mimetype, limit, size),
  },
  'kong.request.get_start_time': { phases: REQUEST_PHASES, call: (state) => state.ctx.get('KONG_PROCESSING_START') ?? state.startedAt },
  'kong.request.get_uri_captures': {
    phases: REQUEST_PHASES,
    call: ({ match, phase }) => {
      const captures = phase === 'rewrite' ? undefined : match?.captures
      const unnamed = new LuaTable('array')
      captures?.unnamed.forEach((text, index) => unnamed.set(index, text))
      return LuaTable.record([
        ['unnamed', unnamed],
        ['named', LuaTable.record(captures?.named ?? [])],
      ])
    },
  },
}

function trustedHeader(request: TransactionState['request'], name: string): string | undefined {
  return request.peerIsTrusted ? request.header(name) : undefined
}

/** `X-Forwarded-Host` of a trusted peer, without user information. */
function forwardedAuthority(request: TransactionState['request']): string | undefined {
  const host = trustedHeader(request, 'X-Forwarded-Host')
  return host?.slice(host.indexOf('@') + 1)
}

function forwardedPort({ request, hostPort, client, node }: TransactionState): LuaValue {
  const own = validPort(trustedHeader(request, 'X-Forwarded-Port'))
  if (own !== undefined) return own
  const authority = forwardedAuthority(request)
  const colon = authority?.indexOf(':') ?? -1
  const ofHost = colon < 0 ? undefined : validPort(authority?.slice(colon + 1))
  return ofHost ?? hostPort ?? node.settings.hostPorts.get(client.local.port) ?? client.local.port
}

function validPort(text: string | undefined): number | undefined {
  const port = luaToNumber(text)
  return port !== undefined && port >= 1 && port <= 65535 ? port : undefined
}

function queryArgs(state: TransactionState, limit: number | undefined): LuaTable {
  return decodeArgs(state.request.args ?? '', limit ?? state.node.settings.luaMaxUriArgs)
}

/** Reads the whole body. undefined when it is in a file and the limit does not allow reading the file. */
function rawBody({ request }: TransactionState, limit: LuaValue): string | undefined {
  request.body.read()
  const spilled = request.body.inFile
  if (spilled === undefined) return request.body.inMemory ?? ''
  if (limit === undefined || limit === false) return undefined
  if (typeof limit !== 'number') return raise(`attempt to compare ${luaType(limit)} with number`)
  if (limit < 0 || (limit > 0 && spilled.length > limit)) return undefined
  return spilled
}

function body(state: TransactionState, mimetype: LuaValue, limit: LuaValue, size: LuaValue): LuaValue {
  const contentType = mimeTypeArgument(mimetype) ?? state.request.header('Content-Type')
  const kind = contentType === undefined ? undefined : bodyKind(contentType)
  if (contentType === undefined || kind === undefined) return undefined
  if (kind === 'form') {
    const max = limitArgument(limit, 'max_args') ?? state.node.settings.luaMaxPostArgs
    state.request.body.read()
    if (state.request.body.inFile !== undefined) return undefined
    return decodeArgs(state.request.body.inMemory ?? '', max)
  }
  const raw = rawBody(state, size)
  return raw === undefined ? undefined : decodeDocument(kind, raw, contentType)
}
