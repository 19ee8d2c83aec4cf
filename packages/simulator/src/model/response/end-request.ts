import { LuaTable, textToBytes, asciiLower, encodeJson, LuaError, luaToString, raise } from '@kong-ts/schema/lua'
import type { PluginExit, TransactionState } from '../state/transaction-state.js'
import { errorBody, errorContentType } from './error-body.js'
import { errorPageMessage, hasKongPage, reasonOf, grpcMessage, grpcStatus } from './status-texts.js'

/**
 * Ends a request as `kong.response.exit` does. An exit without a body gets what nginx has for its status: Kong's error page, nginx's own
 * page, or nothing for 204.
 */
export function carryOutExit(state: TransactionState, exit: PluginExit): void {
  if (writeExit(state, exit)) return
  const { status } = exit
  if (status !== 204 && status < 300) return
  const closed = state.response.closes
  sendErrorPage(state, status)
  // nginx closes after 405 only when it refuses a request before Kong sees it.
  if (status === 405) state.response.closes = closed
}

/** nginx closes the connection after these statuses. */
const CLOSING = new Set([400, 405, 413, 414, 494, 495, 496, 497, 500, 501])

/** Answers a request that nginx ended: with Kong's page in a type that the client accepts, else with nginx's page. */
export function sendErrorPage(state: TransactionState, status: number): void {
  if (CLOSING.has(status)) state.response.closes = true
  if (!hasKongPage(status)) {
    sendNginxPage(state, status)
    return
  }
  state.ctx.set('KONG_UNEXPECTED', true)
  sendKongPage(state, status)
}

/** Answers with Kong's error page, without the marks of an nginx error. Kong does so when a buffered request fails. */
export function sendKongPage(state: TransactionState, status: number): void {
  const { request } = state
  const accept = request.header('Accept') ?? request.header('Content-Type') ?? 'text/plain'
  state.ctx.set('KONG_EXITED', true)
  const message = errorPageMessage(status)
  const shown = status === 494 ? 400 : status
  if (accept.startsWith('application/grpc')) {
    writeExit(state, { status: shown, body: LuaTable.record([['message', message]]), headers: undefined })
    return
  }
  const type = errorContentType(accept)
  // Kong sets an empty header value as one space.
  const headers = [{ name: 'Content-Type', values: [type === '' ? ' ' : type] }]
  writeExit(state, { status: shown, body: errorBody(type, message, state.requestId) ?? '', headers })
}

/** nginx removes these headers when it answers with a page of its own. */
const HEADERS_OF_THE_BODY = ['content-length', 'accept-ranges', 'last-modified', 'etag']

function sendNginxPage({ response }: TransactionState, status: number): void {
  const text = nginxPage(status)
  response.status = status
  for (const name of HEADERS_OF_THE_BODY) response.headers.forget(name)
  response.headers.setType(text === '' ? undefined : 'text/html')
  response.body = textToBytes(text)
  if (status !== 204) response.serviceLength = response.body.length
}

/** nginx's page for a status; empty for a status without a page. */
function nginxPage(status: number): string {
  const reason = status < 300 || status === 304 ? '' : reasonOf(status)
  if (reason === '') return ''
  const title = PAGE_TITLES.get(status) ?? `${status} ${reason}`
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
}

/** Page titles that differ from the reason phrase of the status line. */
const PAGE_TITLES: ReadonlyMap<number, string> = new Map([
  [302, '302 Found'],
  [401, '401 Authorization Required'],
])

/**
 * Writes status, headers and body of an exit into the response. Raises when the body has no JSON form; headers set so far stay, as in Kong.
 *
 * @returns false when there is no body: nginx then decides what the client gets.
 */
export function writeExit(state: TransactionState, { status, body, headers }: PluginExit): boolean {
  const { response } = state
  response.status = status
  response.exitCode = status
  const given = applyHeaders(state, headers ?? [])
  const type = response.headers.contentType
  const grpcOutput = type?.startsWith('application/grpc') ?? false
  const isGrpc = type === undefined ? state.request.isGrpc : grpcOutput
  const ownStatus = isGrpc && !response.headers.has('grpc-status') ? grpcStatus(status) : undefined
  if (ownStatus !== undefined) response.headers.set('grpc-status', [String(ownStatus)])
  const text = body instanceof LuaTable ? bodyText(state, body, isGrpc, grpcOutput) : { text: body, json: false }
  if (text.json) {
    if (!given.contentType) response.headers.set('Content-Type', ['application/json; charset=utf-8'])
    writeBody(state, text.text ?? '', given.contentLength)
  } else if (text.text !== undefined && isGrpc && !grpcOutput) {
    response.headers.set('Content-Length', ['0'])
    response.headers.set('grpc-message', [text.text])
    response.body = new Uint8Array()
  } else {
    writeBody(state, text.text ?? '', given.contentLength)
    if (ownStatus !== undefined && !response.headers.has('grpc-message')) response.headers.set('grpc-message', [grpcMessage(ownStatus)])
  }
  return text.text !== undefined || isGrpc
}

function writeBody(state: TransactionState, text: string, lengthGiven: boolean): void {
  const { response } = state
  if (!lengthGiven) response.headers.set('Content-Length', [String(text.length)])
  response.body = textToBytes(text)
}

function applyHeaders(
  state: TransactionState,
  headers: NonNullable<PluginExit['headers']>,
): { readonly contentType: boolean; readonly contentLength: boolean } {
  for (const { name, values } of headers) setResponseHeader(state, name, values)
  const names = new Set(headers.map(({ name }) => plainName(name)))
  return { contentType: names.has('content-type'), contentLength: names.has('content-length') }
}

/** Sets a header of the response. Kong ignores Transfer-Encoding, with a line in the log. */
export function setResponseHeader({ log, plugin, response }: TransactionState, name: string, values: readonly string[]): void {
  if (plainName(name) !== 'transfer-encoding') response.headers.set(name, values)
  else log.write('warn', `[kong] response.lua [${plugin?.name ?? 'core'}] manually setting Transfer-Encoding. Ignored.`)
}

function plainName(name: string): string {
  return asciiLower(name).replaceAll('_', '-')
}

function bodyText(
  state: TransactionState,
  body: LuaTable,
  isGrpc: boolean,
  grpcOutput: boolean,
): { readonly text: string | undefined; readonly json: boolean } {
  if (isGrpc && grpcOutput) return raise('table body encoding with gRPC is not supported')
  if (isGrpc) {
    const message = body.get('message')
    if (typeof message === 'string') return { text: message, json: false }
    state.log.write('warn', '[kong] response.lua body was removed because table body encoding with gRPC is not supported')
    return { text: undefined, json: false }
  }
  try {
    return { text: encodeJson(body), json: true }
  } catch (error) {
    if (error instanceof LuaError) return raise(`body encoding failed while flushing response: ${luaToString(error.message)}`)
    throw error
  }
}
