import { LuaTable } from '../lua/lua-value.js'
import { textToBytes } from '../lua/lua-text.js'
import { reasonOf } from './status-reason.js'
import type { TransactionState } from '../transaction/transaction-state.js'
import { errorPageMessage } from './error-message.js'
import { errorBody, errorContentType } from './mime-type.js'
import { sendExit } from './send-exit.js'

/** Statuses for which nginx asks Kong for the page; others get nginx's own. */
const KONG_PAGES = new Set([400, 404, 405, 408, 411, 412, 413, 414, 417, 494, 500, 502, 503, 504])
/** Statuses after which nginx closes the connection. */
const CLOSING = new Set([400, 405, 413, 414, 494, 495, 496, 497, 500, 501])

/** The page for a request that nginx ended: Kong's in the type the client accepts (plain text when it says nothing), else nginx's. */
export function sendErrorPage(state: TransactionState, status: number): void {
  const { response, request } = state
  state.ctx.set('KONG_UNEXPECTED', true)
  if (CLOSING.has(status)) response.closes = true
  if (!KONG_PAGES.has(status)) {
    sendNginxPage(state, status)
    return
  }
  sendKongPage(state, status, request.header('Accept') ?? request.header('Content-Type') ?? 'text/plain')
}

/** Kong's error page without the marks of an nginx error, as it answers a failed buffered request. */
export function sendKongPage(state: TransactionState, status: number, accept: string): void {
  state.ctx.set('KONG_EXITED', true)
  const message = errorPageMessage(status)
  const shown = status === 494 ? 400 : status
  if (accept.startsWith('application/grpc')) {
    sendExit(state, { status: shown, body: LuaTable.record([['message', message]]), headers: undefined })
    return
  }
  const type = errorContentType(accept)
  sendExit(state, { status: shown, body: errorBody(type, message, state.requestId) ?? '', headers: LuaTable.record([['Content-Type', type]]) })
}

function sendNginxPage({ response }: TransactionState, status: number): void {
  const title = `${status} ${reasonOf(status)}`
  response.status = status
  response.headers.setType('text/html')
  response.body = textToBytes(`<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`)
  response.serviceLength = response.body.length
}
