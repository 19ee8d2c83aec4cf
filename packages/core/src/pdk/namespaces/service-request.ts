import { JSON_CONTENT_TYPE, type JsonInput, writeJson } from '../body/write-json.js'
import type { Headers, HeaderValue, QueryValue } from '../values/multi-map.js'
import { asciiOf, isFalsy, isNil, isTable, isText, packArguments } from '../call/lua-arguments.js'
import { isPlainObject } from '../call/plain-data.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import type { PdkMethod } from '../call/pdk-method.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'
import { bodyKind, type HttpMethod } from '../rules/request-rules.js'

const METHODS = PDK_METHODS['service.request']

/** `kong.service.request`: the request to the service. What `rewrite` sets for the path, routing replaces. */
export class ServiceRequest extends PdkNamespace {
  /**
   * Makes Kong read the whole response of the service before it sends it on, as `kong.service.response` needs in `log`. A plugin with a
   * `response` phase turns it on by itself. Before Kong 3.9 it raises for clients that speak HTTP/2.
   *
   * @kong kong.service.request.enable_buffering (rewrite, access)
   */
  enableBuffering(): Promise<void> {
    return this[CHANNEL].send(METHODS.enableBuffering, [])
  }

  /**
   * Sets the scheme.
   *
   * @kong kong.service.request.set_scheme (rewrite, access)
   */
  setScheme(scheme: 'http' | 'https'): Promise<void> {
    return this[CHANNEL].send(METHODS.setScheme, [scheme])
  }

  /**
   * Sets the path; Kong percent-encodes what a path cannot hold, but no `?`, `#` or `%`.
   *
   * @param path starts with `/`, without query
   * @kong kong.service.request.set_path (rewrite, access)
   */
  setPath(path: string): Promise<void> {
    return this[CHANNEL].send(METHODS.setPath, [path])
  }

  /**
   * Sets the query as it is; Kong encodes spaces and control characters only.
   *
   * @param query without `?`
   * @kong kong.service.request.set_raw_query (rewrite, access)
   */
  setRawQuery(query: string): Promise<void> {
    return this[CHANNEL].send(METHODS.setRawQuery, [query])
  }

  /**
   * Sets the method.
   *
   * @kong kong.service.request.set_method (rewrite, access)
   */
  setMethod(method: HttpMethod): Promise<void> {
    return this[CHANNEL].send(METHODS.setMethod, [method])
  }

  /**
   * Replaces the query. Kong encodes names and values and sorts the finished pairs as text.
   *
   * @param args values by name: `true` is a bare argument, an array repeats it, `undefined` leaves it out
   * @kong kong.service.request.set_query (rewrite, access)
   */
  setQuery(args: Readonly<Record<string, QueryValue | undefined>>): Promise<void> {
    return this[CHANNEL].send(METHODS.setQuery, [args])
  }

  /**
   * Removes an argument from the query wherever it stands. Kong 3.9 and newer.
   *
   * @param name the argument's name, case counts
   * @kong kong.service.request.clear_query_arg (rewrite, access)
   */
  clearQueryArg(name: string): Promise<void> {
    return this[CHANNEL].send(METHODS.clearQueryArg, [name])
  }

  /**
   * Sets a header, replacing all values it has. `Host` also sets the host for the service. Kong sends `''` as a space.
   *
   * @param header the header's name
   * @param value text, a number, a boolean, or an array of texts (Kong 3.6 and newer), of which an empty one removes the header; of an
   * array for `Host` the first is taken
   * @kong kong.service.request.set_header (rewrite, access)
   */
  setHeader(header: string, value: HeaderValue): Promise<void> {
    return this[CHANNEL].send(METHODS.setHeader, [header, Array.isArray(value) && isHost(header) ? hostOf(value) : value])
  }

  /**
   * Adds a header, keeping the values it has.
   *
   * @param header the header's name
   * @param value text, a number, a boolean, or an array of texts, which are sent one by one: Kong takes no array here
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
   * Removes a header with all its values. `Host` stays.
   *
   * @param header the header's name in any case
   * @kong kong.service.request.clear_header (rewrite, access)
   */
  clearHeader(header: string): Promise<void> {
    return this[CHANNEL].send(METHODS.clearHeader, [header])
  }

  /**
   * Sets several headers, as `setHeader` does; other headers stay.
   *
   * @param headers values by name; `undefined` leaves a header as it is
   * @kong kong.service.request.set_headers (rewrite, access)
   */
  setHeaders(headers: Headers): Promise<void> {
    return this[CHANNEL].send(METHODS.setHeaders, [withOneHost(headers)])
  }

  /**
   * Sets the body and `Content-Length`; `Content-Type` stays.
   *
   * @param body text, sent as UTF-8, or bytes
   * @kong kong.service.request.set_raw_body (rewrite, access)
   */
  setRawBody(body: string | Uint8Array): Promise<void> {
    return this[CHANNEL].send(METHODS.setRawBody, [body])
  }

  /**
   * Sets the body and `Content-Type` from values. JSON is written here and not by Kong, so that empty objects, empty arrays and null arrive
   * as they are.
   *
   * @param args an object, for JSON also an array. A form takes texts, numbers, booleans and arrays of them; multipart texts and numbers
   * @param mimetype `application/json`, `application/x-www-form-urlencoded` or `multipart/form-data`, parameters allowed; the request's own
   * type when not given
   * @returns `true`, or `undefined` when neither `mimetype` nor the request has a type
   * @kong kong.service.request.set_body (rewrite, access)
   */
  setBody(args: object, mimetype?: string): Promise<true | undefined> {
    const channel = this[CHANNEL]
    if (!isFalsy(mimetype)) return sendBody(channel, args, mimetype)
    const refusal = channel.refusal(METHODS.setBody, [args])
    if (refusal !== undefined) return channel.refuse(refusal)
    // Kong would raise on a type it cannot write, so the type is asked for first.
    return channel
      .send<string | undefined>(PDK_METHODS.request.getHeader, ['content-type'])
      .then((type) => (type === undefined ? undefined : sendBody(channel, args, type)))
  }

  /**
   * Sets the body to JSON, and `Content-Type` to `application/json; charset=utf-8`.
   *
   * @param value any value that JSON can hold
   * @kong kong.service.request.set_raw_body (rewrite, access)
   */
  setJson(value: JsonInput): Promise<void> {
    return sendJson(this[CHANNEL], METHODS.setJson, 'body', value, JSON_CONTENT_TYPE)
  }

  /**
   * Talks to the service without TLS, in the stream subsystem.
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

/** Kong writes an array for Host as the address of a Lua table. An empty array keeps its meaning, to remove. */
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
