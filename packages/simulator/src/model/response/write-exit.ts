import { encodeJson, LuaError, raise, asciiLower, luaToString, textToBytes, LuaTable } from '@kong-ts/schema/lua'
import type { DelayedExit, TransactionState } from '../transaction/transaction-state.js'
import { headersArgument } from '../pdk/argument-checks.js'
import { grpcMessage, grpcStatus } from './grpc-status.js'

/**
 * Writes what `kong.response.exit` was given: status, headers, body. Raises when the body has no JSON form, as Kong does; headers set so far
 * stay.
 *
 * @returns false when nothing was written but status and headers, because there is no body: nginx then decides what the client gets.
 */
export function writeExit(state: TransactionState, { status, body, headers }: DelayedExit): boolean {
  const { response } = state
  response.status = status
  response.exitCode = status
  const given = applyHeaders(state, headers)
  const type = response.headers.contentType
  const grpcOutput = type?.startsWith('application/grpc') ?? false
  const isGrpc = type === undefined ? isGrpcRequest(state) : grpcOutput
  const ownStatus = isGrpc && !response.headers.has('grpc-status') ? grpcStatus(status) : undefined
  if (ownStatus !== undefined) response.headers.set('grpc-status', [String(ownStatus)])
  const text = body instanceof LuaTable ? bodyText(state, body, isGrpc, grpcOutput) : { text: body, json: false }
  if (text.json) {
    if (!given.contentType) response.headers.set('Content-Type', ['application/json; charset=utf-8'])
    finish(state, text.text ?? '', given.contentLength)
  } else if (text.text !== undefined && isGrpc && !grpcOutput) {
    response.headers.set('Content-Length', ['0'])
    response.headers.set('grpc-message', [text.text])
    response.body = new Uint8Array()
  } else {
    finish(state, text.text ?? '', given.contentLength)
    if (ownStatus !== undefined && !response.headers.has('grpc-message')) response.headers.set('grpc-message', [grpcMessage(ownStatus)])
  }
  return text.text !== undefined || isGrpc
}

/** True for a gRPC call: content type and HTTP/2. */
export function isGrpcRequest({ request }: TransactionState): boolean {
  return request.client.httpVersion === '2' && (request.headers.first('content-type')?.startsWith('application/grpc') ?? false)
}

function finish(state: TransactionState, text: string, lengthGiven: boolean): void {
  const { response } = state
  if (!lengthGiven) response.headers.set('Content-Length', [String(text.length)])
  response.body = textToBytes(text)
}

function applyHeaders(state: TransactionState, headers: LuaTable | undefined): { contentType: boolean; contentLength: boolean } {
  const given = { contentType: false, contentLength: false }
  if (!headers) return given
  for (const { name, values } of headersArgument(headers)) {
    const plain = asciiLower(name).replaceAll('_', '-')
    if (plain === 'transfer-encoding') state.log.write('warn', transferEncodingWarning(state))
    else state.response.headers.set(name, values)
    if (plain === 'content-type') given.contentType = true
    else if (plain === 'content-length') given.contentLength = true
  }
  return given
}

/** The line Kong logs when a plugin sets Transfer-Encoding, which it then ignores. */
export function transferEncodingWarning({ plugin }: TransactionState): string {
  return `[kong] response.lua [${plugin?.name ?? 'core'}] manually setting Transfer-Encoding. Ignored.`
}

function bodyText(
  state: TransactionState,
  body: LuaTable,
  isGrpc: boolean,
  grpcOutput: boolean,
): { text: string | undefined; json: boolean } {
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
