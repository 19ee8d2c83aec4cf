import { JSON_CONTENT_TYPE, type JsonInput, writeJson } from '../body/write-json.js'
import type { Headers, HeaderValue, QueryValue } from '../values/http-values.js'
import { asciiOf, isFalsy, isNil, isTable, isText, packArguments, isPlainObject } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import type { PdkMethod } from '../call/pdk-method.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'
import { bodyKind, type HttpMethod } from '../rules/request-rules.js'

const METHODS = PDK_METHODS['service.request']

/** `kong.service.request`: the request to the service. Kong replaces a path that is set in `rewrite` when it finds the route. */
export class ServiceRequest extends PdkNamespace {
  /**
   * Makes Kong read the whole response of the service before it sends anything to the client. Needed to read `kong.service.response` in
   * `log`. For a plugin with a `response` phase Kong does it without this call. Before Kong 3.9 it raises for clients that speak HTTP/2.
   *
   * @kong kong.service.request.enable_buffering (rewrite, access)
   */
  enableBuffering(): Promise<void> {
    return this[CHANNEL].send(METHODS.enableBuffering, [])
  }

  /**
   * Sets the scheme for the request to the service.
   *
   * @param scheme `http` or `https`
   * @kong kong.service.request.set_scheme (rewrite, access)
   */
  setScheme(scheme: 'http' | 'https'): Promise<void> {
    return this[CHANNEL].send(METHODS.setScheme, [scheme])
  }

  /**
   * Sets the path of the request to the service. Kong percent-encodes bytes that a path cannot hold, but not `?`, `#` and `%`.
   *
   * @param path a path that starts with `/`, without query
   * @kong kong.service.request.set_path (rewrite, access)
   */
  setPath(path: string): Promise<void> {
    return this[CHANNEL].send(METHODS.setPath, [path])
  }

  /**
   * Sets the query of the request to the service. Kong encodes only spaces and control characters.
   *
   * @param query a query without `?`
   * @kong kong.service.request.set_raw_query (rewrite, access)
   */
  setRawQuery(query: string): Promise<void> {
    return this[CHANNEL].send(METHODS.setRawQuery, [query])
  }

  /**
   * Sets the method of the request to the service.
   *
   * @param method a method in upper case, one of `HTTP_METHODS`
   * @kong kong.service.request.set_method (rewrite, access)
   */
  setMethod(method: HttpMethod): Promise<void> {
    return this[CHANNEL].send(METHODS.setMethod, [method])
  }

  /**
   * Replaces the query of the request to the service. Kong encodes names and values, and sorts the encoded pairs as text.
   *
   * @param args a plain object of values by name: `true` is a bare argument, an array repeats the argument, `undefined` leaves it out
   * @kong kong.service.request.set_query (rewrite, access)
   */
  setQuery(args: Readonly<Record<string, QueryValue | undefined>>): Promise<void> {
    return this[CHANNEL].send(METHODS.setQuery, [args])
  }

  /**
   * Removes an argument from the query of the request to the service, wherever it stands. Kong 3.9 and newer.
   *
   * @param name name of the argument; case counts
   * @kong kong.service.request.clear_query_arg (rewrite, access)
   */
  clearQueryArg(name: string): Promise<void> {
    return this[CHANNEL].send(METHODS.clearQueryArg, [name])
  }

  /**
   * Sets a header of the request to the service and replaces all values it has. `Host` sets the host of the request too.
   *
   * @param header name of the header
   * @param value text, bytes, a number, a boolean, or an array of texts (Kong 3.6 and newer). Kong sends `''` as a single space, and
   * removes the header for an empty array. Of an array for `Host` only the first text is sent
   * @kong kong.service.request.set_header (rewrite, access)
   */
  setHeader(header: string, value: HeaderValue): Promise<void> {
    return this[CHANNEL].send(METHODS.setHeader, [header, Array.isArray(value) && isHost(header) ? hostOf(value) : value])
  }

  /**
   * Adds a value to a header of the request to the service and keeps the values it has.
   *
   * @param header name of the header
   * @param value text, bytes, a number, a boolean, or an array of texts. Each text of an array is a call of its own, because Kong does not
   * take an array here
   * @kong kong.service.request.add_header (rewrite, access)
   */
  addHeader(header: string, value: HeaderValue): Promise<void> {
    const channel = this[CHANNEL]
    if (!Array.isArray(value)) return channel.send(METHODS.addHeader, [header, value])
    const refusal = channel.refusal(METHODS.addHeader, [header, value])
    if (refusal !== undefined) return channel.refuse(refusal)
    const end = value.findIndex(isNil)
    const added = (end < 0 ? value : value.slice(0, end)).map((element) => channel.send(METHODS.addHeader, [header, element]))
    return Promise.all(added).then(nothing)
  }

  /**
   * Removes a header of the request to the service with all its values. `Host` stays.
   *
   * @param header name of the header in any case
   * @kong kong.service.request.clear_header (rewrite, access)
   */
  clearHeader(header: string): Promise<void> {
    return this[CHANNEL].send(METHODS.clearHeader, [header])
  }

  /**
   * Sets several headers of the request to the service as `setHeader` does. Other headers stay.
   *
   * @param headers a plain object of values by name; `undefined` leaves a header as it is. The `Headers` class of `fetch` is refused: pass
   * `Object.fromEntries(headers)` instead
   * @kong kong.service.request.set_headers (rewrite, access)
   */
  setHeaders(headers: Headers): Promise<void> {
    return this[CHANNEL].send(METHODS.setHeaders, [withOneHost(headers)])
  }

  /**
   * Sets the body of the request to the service, and `Content-Length`. `Content-Type` stays as it is.
   *
   * @param body bytes, or text that is sent as UTF-8
   * @kong kong.service.request.set_raw_body (rewrite, access)
   */
  setRawBody(body: string | Uint8Array): Promise<void> {
    return this[CHANNEL].send(METHODS.setRawBody, [body])
  }

  /**
   * Sets the body of the request to the service from values, and `Content-Type`. The PDK writes JSON itself and does not leave it to Kong,
   * so that empty objects, empty arrays and null stay what they are.
   *
   * @param args a plain object; for JSON an array too. A form takes texts, numbers, booleans and arrays of these, multipart takes
   * only texts and numbers
   * @param mimetype `application/json`, `application/x-www-form-urlencoded` or `multipart/form-data`, also with parameters; the type of the
   * request when not given
   * @returns `true`, or `undefined` when neither `mimetype` nor the request has a type
   * @kong kong.service.request.set_body (rewrite, access)
   */
  setBody(args: object, mimetype?: string): Promise<true | undefined> {
    const channel = this[CHANNEL]
    if (!isFalsy(mimetype)) return sendBody(channel, args, mimetype)
    const refusal = channel.refusal(METHODS.setBody, [args])
    if (refusal !== undefined) return channel.refuse(refusal)
    // Kong raises on a type that it cannot write, so the PDK asks for the type first.
    return channel
      .send<string | undefined>(PDK_METHODS.request.getHeader, ['content-type'])
      .then((type) => (type === undefined ? undefined : sendBody(channel, args, type)))
  }

  /**
   * Sets the body of the request to the service to JSON, and `Content-Type` to `application/json; charset=utf-8`.
   *
   * @param value any value that JSON can hold
   * @kong kong.service.request.set_raw_body (rewrite, access)
   */
  setJson(value: JsonInput): Promise<void> {
    return sendJson(this[CHANNEL], METHODS.setJson, 'body', value, JSON_CONTENT_TYPE)
  }

  /**
   * Makes Kong connect to the service without TLS, in the stream subsystem.
   *
   * @returns `true`, or `undefined` when it failed
   * @kong kong.service.request.disable_tls (preread)
   */
  disableTls(): Promise<true | undefined> {
    return this[CHANNEL].send(METHODS.disableTls, [])
  }
}

function sendBody(channel: PdkChannel, args: object, mimetype: string): Promise<true | undefined> {
  const json = isText(mimetype) && bodyKind(asciiOf(mimetype)) === 'json' && isTable(args)
  if (json) return sendJson(channel, METHODS.setBody, 'args', args, mimetype).then(() => true)
  return channel.send(METHODS.setBody, packArguments([args, mimetype]))
}

/** Makes both calls before it awaits anything, so that later calls of the handler are sent after both. */
function sendJson(channel: PdkChannel, method: PdkMethod, argument: string, value: unknown, contentType: string): Promise<void> {
  const { text, rule } = writeJson(value)
  if (text === undefined) return channel.refuseArgument(method, { argument, rule })
  const body = channel.send(METHODS.setJson, [text])
  const header = channel.send(METHODS.setHeader, ['Content-Type', contentType])
  return Promise.all([body, header]).then(nothing)
}

function nothing(): undefined {
  return undefined
}

function isHost(header: unknown): boolean {
  return typeof header === 'string' && header.toLowerCase() === 'host'
}

/** Takes the first text, because Kong writes an array for Host as the address of a Lua table. An empty array still removes the header. */
function hostOf(value: HeaderValue): unknown {
  return Array.isArray(value) && value.length > 0 && value.every(isText) ? value[0] : value
}

function withOneHost(headers: Headers): Headers | Readonly<Record<string, unknown>> {
  if (!isTable(headers) || Array.isArray(headers) || !isPlainObject(headers)) return headers
  for (const [name, value] of Object.entries(headers)) {
    if (isHost(name) && Array.isArray(value)) return { ...headers, [name]: hostOf(value) }
  }
  return headers
}
