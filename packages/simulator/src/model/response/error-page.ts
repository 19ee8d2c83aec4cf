import { LuaTable, textToBytes } from '@kong-ts/schema/lua'
import { reasonOf } from './status-reason.js'
import type { TransactionState } from '../transaction/transaction-state.js'
import { errorPageMessage } from './error-message.js'
import { errorBody, errorContentType } from './mime-type.js'
import { writeExit } from './write-exit.js'

/** Statuses for which nginx asks Kong for the page; others get nginx's own. */
const KONG_PAGES = new Set([400, 404, 405, 408, 411, 412, 413, 414, 417, 494, 500, 502, 503, 504])
/** Statuses after which nginx closes the connection. */
const CLOSING = new Set([400, 405, 413, 414, 494, 495, 496, 497, 500, 501])

/** The page for a request that nginx ended: Kong's in the type the client accepts (plain text when it says nothing), else nginx's. */
export function sendErrorPage(state: TransactionState, status: number): void {
  const { response, request } = state
  if (CLOSING.has(status)) response.closes = true
  if (!KONG_PAGES.has(status)) {
    sendNginxPage(state, status)
    return
  }
  state.ctx.set('KONG_UNEXPECTED', true)
  sendKongPage(state, status, request.header('Accept') ?? request.header('Content-Type') ?? 'text/plain')
}

/** Kong's error page without the marks of an nginx error, as it answers a failed buffered request. */
export function sendKongPage(state: TransactionState, status: number, accept: string): void {
  state.ctx.set('KONG_EXITED', true)
  const message = errorPageMessage(status)
  const shown = status === 494 ? 400 : status
  if (accept.startsWith('application/grpc')) {
    writeExit(state, { status: shown, body: LuaTable.record([['message', message]]), headers: undefined })
    return
  }
  const type = errorContentType(accept)
  writeExit(state, {
    status: shown,
    body: errorBody(type, message, state.requestId) ?? '',
    headers: LuaTable.record([['Content-Type', type]]),
  })
}

/** Headers nginx takes away when it answers with a page of its own. */
const OF_ANOTHER_BODY = ['content-length', 'accept-ranges', 'last-modified', 'etag']

function sendNginxPage({ response }: TransactionState, status: number): void {
  const text = nginxPage(status)
  response.status = status
  for (const name of OF_ANOTHER_BODY) response.headers.forget(name)
  response.headers.setType(text === '' ? undefined : 'text/html')
  response.body = textToBytes(text)
  if (status !== 204) response.serviceLength = response.body.length
}

/** nginx's page for a status; empty where it has none. */
function nginxPage(status: number): string {
  const reason = status < 300 || status === 304 ? '' : reasonOf(status)
  if (reason === '') return ''
  const title = `${status} ${reason}`
  return `<html>\r\n<head><title>${PAGE_TITLES.get(status) ?? title}</title></head>\r\n<body>\r\n<center><h1>${PAGE_TITLES.get(status) ?? title}</h1></center>\r\n</body>\r\n</html>\r\n`
}

/** Pages whose title is not the reason phrase of the status line. */
const PAGE_TITLES: ReadonlyMap<number, string> = new Map([
  [302, '302 Found'],
  [401, '401 Authorization Required'],
])
