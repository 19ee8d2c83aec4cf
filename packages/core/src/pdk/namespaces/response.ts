import { JSON_CONTENT_TYPE, type JsonInput, writeJson } from '../body/write-json.js'
import { asMap, type HeaderMap, type Headers, type HeaderValue } from '../values/multi-map.js'
import { isTable, packArguments } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import type { PdkMethod } from '../call/pdk-method.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'
import { isPlainObject } from '../call/plain-data.js'
import { unwindAfter } from '../call/response-exit.js'

const METHODS = PDK_METHODS.response

/** Who made the response: the service, a plugin with `exit` or `error`, or Kong because something failed. */
export type ResponseSource = 'service' | 'exit' | 'error'

/** What can be sent as a body: text and bytes as they are, everything else as JSON. */
export type ResponseBody = string | Uint8Array | Exclude<JsonInput, string | number | boolean>

/** `kong.response`: the response to the client. */
export class Response extends PdkNamespace {
  /**
   * Gives the status that is sent to the client.
   *
   * @kong kong.response.get_status (response, log)
   */
  getStatus(): Promise<number> {
    return this[CHANNEL].send(METHODS.getStatus, [])
  }

  /**
   * Gives the first value of a header that is sent to the client.
   *
   * @param name the header's name in any case, `_` counts as `-`
   * @returns its value, `undefined` when it is not there
   * @kong kong.response.get_header (response, log)
   */
  getHeader(name: string): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getHeader, [name])
  }

  /**
   * Gives the headers that are sent to the client, Kong's own included, by lower-case name.
   *
   * @param maxHeaders how many headers are read, 1 to 1000; Kong's `lua_max_resp_headers`, 100, when not given; in `log` always 100
   * @kong kong.response.get_headers (response, log)
   */
  getHeaders(maxHeaders?: number): Promise<HeaderMap> {
    return this[CHANNEL].send<HeaderMap>(METHODS.getHeaders, packArguments([maxHeaders])).then(asMap)
  }

  /**
   * Tells who made the response.
   *
   * @kong kong.response.get_source (response, log)
   */
  getSource(): Promise<ResponseSource> {
    return this[CHANNEL].send(METHODS.getSource, [])
  }

  /**
   * Sets the status. It lasts only when set in `response`: the status of the service replaces one that was set before.
   *
   * @param status 100 to 599
   * @kong kong.response.set_status (rewrite, access, response)
   */
  setStatus(status: number): Promise<void> {
    return this[CHANNEL].send(METHODS.setStatus, [status])
  }

  /**
   * Sets a header, replacing all values it has. Kong sends `''` as a space and ignores `Transfer-Encoding`.
   *
   * @param name the header's name
   * @param value text, a number, a boolean, or an array of texts (Kong 3.6 and newer), of which an empty one removes the header
   * @kong kong.response.set_header (rewrite, access, response)
   */
  setHeader(name: string, value: HeaderValue): Promise<void> {
    return this[CHANNEL].send(METHODS.setHeader, [name, value])
  }

  /**
   * Adds a header, keeping the values it has.
   *
   * @param name the header's name
   * @param value text, a number, a boolean, or an array of texts (Kong 3.6 and newer)
   * @kong kong.response.add_header (rewrite, access, response)
   */
  addHeader(name: string, value: HeaderValue): Promise<void> {
    return this[CHANNEL].send(METHODS.addHeader, [name, value])
  }

  /**
   * Removes a header with all its values.
   *
   * @param name the header's name in any case
   * @kong kong.response.clear_header (rewrite, access, response)
   */
  clearHeader(name: string): Promise<void> {
    return this[CHANNEL].send(METHODS.clearHeader, [name])
  }

  /**
   * Sets several headers, as `setHeader` does; other headers stay.
   *
   * @param headers values by name; `undefined` leaves a header as it is
   * @kong kong.response.set_headers (rewrite, access, response)
   */
  setHeaders(headers: Headers): Promise<void> {
    return this[CHANNEL].send(METHODS.setHeaders, [headers])
  }

  /**
   * Ends the request with a response. It never returns: the handler is left as by a thrown error, `finally` blocks run, later code does
   * not. Kong skips later plugins of the phase, the service and the `response` phase; `log` still runs. Headers set before stay, in
   * `response` those of the service too: there `json`, `text` and `bytes` remove the ones that described the body they replace.
   *
   * @param status 100 to 599; in `preread` one of 200, 400, 403, 500, 502, 503. Kong closes the connection without a byte for 408, 444 and
   * 499
   * @param body text or bytes to be sent as they are, or a value to be sent as JSON, with `Content-Type` set unless `headers` has it.
   * Clients of gRPC over HTTP/2 get `grpc-status` and `grpc-message` instead of a body: pass a text for them
   * @param headers values by name
   * @kong kong.response.exit (rewrite, access, response, preread)
   */
  exit(status: number, body?: ResponseBody, headers?: Headers): Promise<never> {
    const channel = this[CHANNEL]
    if (!isTable(body)) return end(channel, METHODS.exit, [status, body, headers])
    const { text, rule } = writeJson(body)
    if (text === undefined) return channel.refuseArgument(METHODS.exit, { argument: 'body', rule })
    return end(channel, METHODS.exit, [status, text, withContentType(headers, JSON_CONTENT_TYPE)])
  }

  /**
   * Ends the request with an error in the form the client asks for with `Accept`: JSON, XML, HTML, text or gRPC. It never returns, as
   * `exit`.
   *
   * @param status 400 to 599
   * @param message what went wrong; Kong's text for the status when not given. Kong pastes it as it is, so that quotes and newlines make
   * the JSON form invalid; an object is pasted as JSON
   * @param headers values by name; `Content-Type`, in this very case, chooses the form and must be one of `application/json`,
   * `application/grpc`, `application/xml`, `text/plain`, `text/html`
   * @kong kong.response.error (rewrite, access, response)
   */
  error(status: number, message?: ResponseBody, headers?: Headers): Promise<never> {
    const channel = this[CHANNEL]
    if (!isTable(message)) return end(channel, METHODS.error, [status, message, headers])
    const { text, rule } = writeJson(message)
    if (text === undefined) return channel.refuseArgument(METHODS.error, { argument: 'message', rule })
    return end(channel, METHODS.error, [status, text, headers])
  }

  /**
   * Ends the request with a JSON body, as `exit`; any JSON value is possible. In `response`, headers that describe the service's body are
   * removed.
   *
   * @param status 100 to 599
   * @param value what is written as JSON
   * @param headers values by name
   * @kong kong.response.exit (rewrite, access, response)
   */
  json(status: number, value: JsonInput, headers?: Headers): Promise<never> {
    const channel = this[CHANNEL]
    const { text, rule } = writeJson(value)
    if (text === undefined) return channel.refuseArgument(METHODS.json, { argument: 'body', rule })
    return replaceBody(channel, METHODS.json, [status, text, withContentType(headers, JSON_CONTENT_TYPE)])
  }

  /**
   * Ends the request with a text, as `exit`, with `Content-Type: text/plain; charset=utf-8` unless `headers` has it. In `response`, headers
   * that describe the service's body are removed.
   *
   * @param status 100 to 599
   * @param text the body
   * @param headers values by name
   * @kong kong.response.exit (rewrite, access, response)
   */
  text(status: number, text: string, headers?: Headers): Promise<never> {
    return replaceBody(this[CHANNEL], METHODS.text, [status, text, withContentType(headers, 'text/plain; charset=utf-8')])
  }

  /**
   * Ends the request with bytes, as `exit`, with `Content-Type: application/octet-stream` unless `headers` has it. In `response`, headers
   * that describe the service's body are removed.
   *
   * @param status 100 to 599
   * @param bytes the body
   * @param headers values by name
   * @kong kong.response.exit (rewrite, access, response)
   */
  bytes(status: number, bytes: Uint8Array, headers?: Headers): Promise<never> {
    return replaceBody(this[CHANNEL], METHODS.bytes, [status, bytes, withContentType(headers, 'application/octet-stream')])
  }
}

/** Headers of the service that describe the body it sent, and would be wrong for another one. */
const BODY_HEADERS = ['Content-Encoding', 'ETag'] as const

/** Hands over a call that Kong never answers, and unwinds the handler. */
function end(channel: PdkChannel, method: PdkMethod, args: readonly unknown[]): Promise<never> {
  const refusal = channel.refusal(method, args)
  if (refusal !== undefined) return channel.refuse(refusal)
  return unwindAfter(channel.call(method.name, packArguments(args)))
}

function replaceBody(channel: PdkChannel, method: PdkMethod, args: readonly unknown[]): Promise<never> {
  if (channel.phase === 'response' && channel.refusal(method, args) === undefined) {
    for (const name of BODY_HEADERS) void channel.send(METHODS.clearHeader, [name])
  }
  return end(channel, method, args)
}

/** Adds a content type unless there is one. Leaves headers that are not a plain object to the argument check. */
function withContentType(headers: Headers | undefined, contentType: string): Headers | undefined {
  if (headers === undefined || headers === null) return { 'Content-Type': contentType }
  if (!isTable(headers) || Array.isArray(headers) || !isPlainObject(headers)) return headers
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && value !== null && name.toLowerCase() === 'content-type') return headers
  }
  return { ...headers, 'Content-Type': contentType }
}
