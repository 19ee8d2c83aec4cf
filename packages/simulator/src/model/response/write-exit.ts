import { asciiLower, encodeJson, LuaError, LuaTable, luaToString, raise, textToBytes } from '@kong-ts/schema/lua'
import { grpcMessage, grpcStatus } from './status-texts.js'
import type { PluginExit, TransactionState } from '../state/transaction-state.js'

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
