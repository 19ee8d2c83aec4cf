import { JSON_CONTENT_TYPE, type JsonInput, writeJson } from '../body/write-json.js'
import { asMap, type HeaderMap, type Headers, type HeaderValue } from '../values/http-values.js'
import { isTable, packArguments, isPlainObject } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import type { PdkMethod } from '../call/pdk-method.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'
import { unwindAfter } from '../call/response-exit.js'

const METHODS = PDK_METHODS.response

/** Who made the response: `service`; `exit` for a plugin that called `exit` or `error`; `error` for Kong, because something failed. */
export type ResponseSource = 'service' | 'exit' | 'error'

/** What can be sent as a body: text and bytes as they are, objects and arrays as JSON. */
export type ResponseBody = string | Uint8Array | Exclude<JsonInput, string | number | boolean>

/**
 * `kong.response`: the response to the client.
 *
 * It is not the `Response` class of `fetch`, and neither is the phase decorator `@Response`. A file that imports the decorator and also
 * needs the class of `fetch` reaches that one as `globalThis.Response`.
 */
export class Response extends PdkNamespace {
  /**
   * Gives the status of the response to the client.
   *
   * @kong kong.response.get_status (response, log)
   */
  getStatus(): Promise<number> {
    return this[CHANNEL].send(METHODS.getStatus, [])
  }

  /**
   * Gives the first value of a header of the response to the client.
   *
   * @param name name of the header in any case; `_` counts as `-`
   * @returns the value, `undefined` when it is not there
   * @kong kong.response.get_header (response, log)
   */
  getHeader(name: string): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getHeader, [name])
  }

  /**
   * Gives the headers of the response to the client by lower-case name, with those that Kong adds.
   *
   * The result is a plain object, not the `Headers` class of `fetch`.
   *
   * @param maxHeaders how many headers Kong reads, 1 to 1000; `lua_max_resp_headers` of kong.conf (100) when not given; in `log` always 100
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
   * Sets the status of the response. In `rewrite` and `access` it has no lasting effect, because the status of the service replaces it.
   *
   * @param status 100 to 599
   * @kong kong.response.set_status (rewrite, access, response)
   */
  setStatus(status: number): Promise<void> {
    return this[CHANNEL].send(METHODS.setStatus, [status])
  }

  /**
   * Sets a header of the response and replaces all values it has. Kong ignores `Transfer-Encoding`.
   *
   * @param name name of the header
   * @param value text, bytes, a number, a boolean, or an array of texts (Kong 3.6 and newer). Kong sends `''` as a single space, and
   * removes the header for an empty array
   * @kong kong.response.set_header (rewrite, access, response)
   */
  setHeader(name: string, value: HeaderValue): Promise<void> {
    return this[CHANNEL].send(METHODS.setHeader, [name, value])
  }

  /**
   * Adds a value to a header of the response and keeps the values it has.
   *
   * @param name name of the header
   * @param value text, bytes, a number, a boolean, or an array of texts (Kong 3.6 and newer)
   * @kong kong.response.add_header (rewrite, access, response)
   */
  addHeader(name: string, value: HeaderValue): Promise<void> {
    return this[CHANNEL].send(METHODS.addHeader, [name, value])
  }

  /**
   * Removes a header of the response with all its values.
   *
   * @param name name of the header in any case
   * @kong kong.response.clear_header (rewrite, access, response)
   */
  clearHeader(name: string): Promise<void> {
    return this[CHANNEL].send(METHODS.clearHeader, [name])
  }

  /**
   * Sets several headers of the response as `setHeader` does. Other headers stay.
   *
   * @param headers a plain object of values by name; `undefined` leaves a header as it is. The `Headers` class of `fetch` is refused: pass
   * `Object.fromEntries(headers)` instead
   * @kong kong.response.set_headers (rewrite, access, response)
   */
  setHeaders(headers: Headers): Promise<void> {
    return this[CHANNEL].send(METHODS.setHeaders, [headers])
  }

  /**
   * Ends the request with a response. The promise never resolves: it rejects with `ResponseExit`, so that an awaited call leaves the
   * handler. `finally` blocks run, later code does not.
   *
   * Kong skips later plugins of the phase, the service and the `response` phase; `log` still runs. Headers that were set before stay. In
   * `response` the headers of the service stay too; use `json`, `text` or `bytes` there, which remove those that describe the old body.
   *
   * @param status 100 to 599; in `preread` one of 200, 400, 403, 500, 502, 503. For 408, 444 and 499 Kong closes the connection without
   * sending anything; a client cannot use statuses below 200
   * @param body text or bytes to be sent as they are, or an object or array to be sent as JSON, with `Content-Type` unless `headers` has
   * it. A client of gRPC over HTTP/2 gets `grpc-status` and `grpc-message` instead of a body: pass a text for it
   * @param headers a plain object of values by name
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
   * Ends the request with an error in the form that the `Accept` header of the client asks for: JSON, XML, HTML, text or gRPC. Leaves the
   * handler as `exit` does.
   *
   * @param status 400 to 599
   * @param message what went wrong; Kong's text for the status when not given. Kong inserts it without escaping, so that quotes and
   * newlines make the JSON form invalid. An object or array is inserted as JSON
   * @param headers a plain object of values by name. `Content-Type`, written exactly so, chooses the form instead of `Accept`. It must be
   * one of `application/json`, `application/grpc`, `application/xml`, `text/plain`, `text/html`
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
   * Ends the request with a JSON body as `exit` does, with `Content-Type: application/json; charset=utf-8` unless `headers` has it. Also
   * sends texts, numbers, booleans and null as JSON. In `response` it removes the headers that describe the body of the service.
   *
   * @param status 100 to 599
   * @param value any value that JSON can hold
   * @param headers a plain object of values by name
   * @kong kong.response.exit (rewrite, access, response)
   */
  json(status: number, value: JsonInput, headers?: Headers): Promise<never> {
    const channel = this[CHANNEL]
    const { text, rule } = writeJson(value)
    if (text === undefined) return channel.refuseArgument(METHODS.json, { argument: 'body', rule })
    return replaceBody(channel, METHODS.json, [status, text, withContentType(headers, JSON_CONTENT_TYPE)])
  }

  /**
   * Ends the request with a text as `exit` does, with `Content-Type: text/plain; charset=utf-8` unless `headers` has it. In `response` it
   * removes the headers that describe the body of the service.
   *
   * @param status 100 to 599
   * @param text the body
   * @param headers a plain object of values by name
   * @kong kong.response.exit (rewrite, access, response)
   */
  text(status: number, text: string, headers?: Headers): Promise<never> {
    return replaceBody(this[CHANNEL], METHODS.text, [status, text, withContentType(headers, 'text/plain; charset=utf-8')])
  }

  /**
   * Ends the request with bytes as `exit` does, with `Content-Type: application/octet-stream` unless `headers` has it. In `response` it
   * removes the headers that describe the body of the service.
   *
   * @param status 100 to 599
   * @param bytes the body
   * @param headers a plain object of values by name
   * @kong kong.response.exit (rewrite, access, response)
   */
  bytes(status: number, bytes: Uint8Array, headers?: Headers): Promise<never> {
    return replaceBody(this[CHANNEL], METHODS.bytes, [status, bytes, withContentType(headers, 'application/octet-stream')])
  }
}

/** Headers of the service that describe the body it sent and would be wrong for another body. */
const BODY_HEADERS = ['Content-Encoding', 'ETag'] as const

/** Sends a call that Kong never answers, and leaves the handler. */
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
