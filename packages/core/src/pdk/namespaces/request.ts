import type { JsonValue } from '@kong-ts/schema'
import { readBody, readJson, readText, type BodyOptions } from '../body/read-body.js'
import { asMap, type HeaderMap, type QueryMap, type SentCaptures, type UriCaptures, uriCaptures } from '../values/http-values.js'
import { packArguments } from '../call/lua-arguments.js'
import { PdkBodyError } from '../call/pdk-errors.js'
import { CHANNEL, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS.request

/** `kong.request`: the request as the client sent it. */
export class Request extends PdkNamespace {
  /**
   * Gives the scheme of the connection between client and Kong.
   *
   * @kong kong.request.get_scheme (rewrite, access, response)
   */
  getScheme(): Promise<'http' | 'https'> {
    return this[CHANNEL].send(METHODS.getScheme, [])
  }

  /**
   * Gives the host of the request in lower case and without port: from the request line, else from the `Host` header.
   *
   * @kong kong.request.get_host (rewrite, access, response)
   */
  getHost(): Promise<string> {
    return this[CHANNEL].send(METHODS.getHost, [])
  }

  /**
   * Gives the port of Kong on which the request came in.
   *
   * @returns 0 to 65535
   * @kong kong.request.get_port (rewrite, access, response, preread)
   */
  getPort(): Promise<number> {
    return this[CHANNEL].send(METHODS.getPort, [])
  }

  /**
   * Gives the scheme that the client used: `X-Forwarded-Proto` in lower case when the peer is trusted and sent it, else as `getScheme`.
   *
   * @kong kong.request.get_forwarded_scheme (rewrite, access, response)
   */
  getForwardedScheme(): Promise<string> {
    return this[CHANNEL].send(METHODS.getForwardedScheme, [])
  }

  /**
   * Gives the host that the client used: from `X-Forwarded-Host` when the peer is trusted and sent it, else as `getHost`. Kong cuts the
   * header off at the first colon, so that of an IPv6 address only the beginning is left.
   *
   * @kong kong.request.get_forwarded_host (rewrite, access, response)
   */
  getForwardedHost(): Promise<string> {
    return this[CHANNEL].send(METHODS.getForwardedHost, [])
  }

  /**
   * Gives the port that the client used: from `X-Forwarded-Port` or `X-Forwarded-Host` when the peer is trusted and sent it, else as
   * `getPort`, mapped with `port_maps` of kong.conf.
   *
   * @returns 0 to 65535; a fraction when a trusted peer sent one
   * @kong kong.request.get_forwarded_port (rewrite, access, response)
   */
  getForwardedPort(): Promise<number> {
    return this[CHANNEL].send(METHODS.getForwardedPort, [])
  }

  /**
   * Gives the path that the client used: `X-Forwarded-Path` as it is when the peer is trusted and sent it, else as `getPath`.
   *
   * @kong kong.request.get_forwarded_path (rewrite, access, response)
   */
  getForwardedPath(): Promise<string> {
    return this[CHANNEL].send(METHODS.getForwardedPath, [])
  }

  /**
   * Gives the path prefix that is removed before the request reaches the service: `X-Forwarded-Prefix` when the peer is trusted and sent
   * it, else what the route strips.
   *
   * @returns the prefix; `undefined` (in `rewrite` also `''`) when none is removed
   * @kong kong.request.get_forwarded_prefix (rewrite, access, response)
   */
  getForwardedPrefix(): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getForwardedPrefix, [])
  }

  /**
   * Gives the version of HTTP that the client speaks.
   *
   * @returns 1, 1.1, 2 or 3; `undefined` when nginx does not know it
   * @kong kong.request.get_http_version (rewrite, access, response)
   */
  getHttpVersion(): Promise<number | undefined> {
    return this[CHANNEL].send(METHODS.getHttpVersion, [])
  }

  /**
   * Gives the method of the request; after `kong.service.request.setMethod`, the method that was set.
   *
   * @kong kong.request.get_method (rewrite, access, response)
   */
  getMethod(): Promise<string> {
    return this[CHANNEL].send(METHODS.getMethod, [])
  }

  /**
   * Gives the path without query, in normalised form: percent escapes are decoded except those of reserved characters and `%25`, dot
   * segments and double slashes are resolved. `kong.service.request.setPath` does not change it.
   *
   * @kong kong.request.get_path (rewrite, access, response)
   */
  getPath(): Promise<string> {
    return this[CHANNEL].send(METHODS.getPath, [])
  }

  /**
   * Gives the path without query as the client wrote it.
   *
   * @kong kong.request.get_raw_path (rewrite, access, response)
   */
  getRawPath(): Promise<string> {
    return this[CHANNEL].send(METHODS.getRawPath, [])
  }

  /**
   * Gives path and query as the client wrote them.
   *
   * @kong kong.request.get_path_with_query (rewrite, access, response)
   */
  getPathWithQuery(): Promise<string> {
    return this[CHANNEL].send(METHODS.getPathWithQuery, [])
  }

  /**
   * Gives the query without `?`; after `kong.service.request.setQuery` and `setRawQuery`, the query that was set.
   *
   * @returns the query, `''` when there is none
   * @kong kong.request.get_raw_query (rewrite, access, response)
   */
  getRawQuery(): Promise<string> {
    return this[CHANNEL].send(METHODS.getRawQuery, [])
  }

  /**
   * Gives the first value of a query argument, decoded. Kong reads the first 100 arguments.
   *
   * @param name name of the argument; case counts
   * @returns the value, `''` for `?name=`, `true` for a bare `?name`, `undefined` when it is not there
   * @kong kong.request.get_query_arg (rewrite, access, response)
   */
  getQueryArg(name: string): Promise<string | true | undefined> {
    return this[CHANNEL].send(METHODS.getQueryArg, [name])
  }

  /**
   * Gives the query arguments, decoded. The function `firstQueryArg` takes a single value from them.
   *
   * @param maxArgs how many arguments Kong reads, 1 to 1000; `lua_max_uri_args` of kong.conf (100) when not given
   * @kong kong.request.get_query (rewrite, access, response)
   */
  getQuery(maxArgs?: number): Promise<QueryMap> {
    return this[CHANNEL].send<QueryMap>(METHODS.getQuery, packArguments([maxArgs])).then(asMap)
  }

  /**
   * Gives the first value of a header. In `log` Kong has saved the first 100 headers, and `_` does not count as `-` there.
   *
   * @param name name of the header in any case; `_` counts as `-`
   * @returns the value, `''` for an empty header, `undefined` when it is not there
   * @kong kong.request.get_header (rewrite, access, response, log)
   */
  getHeader(name: string): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getHeader, [name])
  }

  /**
   * Gives the headers by lower-case name. The function `firstHeader` takes a single value from them.
   *
   * The result is a plain object, not the `Headers` class of `fetch`.
   *
   * @param maxHeaders how many headers Kong reads, 1 to 1000; `lua_max_req_headers` of kong.conf (100) when not given; in `log` always 100
   * @kong kong.request.get_headers (rewrite, access, response, log)
   */
  getHeaders(maxHeaders?: number): Promise<HeaderMap> {
    return this[CHANNEL].send<HeaderMap>(METHODS.getHeaders, packArguments([maxHeaders])).then(asMap)
  }

  /**
   * Gives the body as the client sent it, still compressed if it was; after `kong.service.request.setRawBody`, the body that was set.
   *
   * nginx writes a body that is larger than `client_body_buffer_size` (8 KiB) to a file. What happens then depends on protocol and version.
   * Over ProtoBuf:1 the plugin server reads the file. Over MsgPack:1, Kong 3.8 and newer read it. Kong 3.0 to 3.7 raise: the client gets
   * 500, and this call is never answered. docs/limits.md tells what to do there.
   *
   * @param maxSize largest body in bytes; no limit when not given or 0. The whole body is transferred before it is compared
   * @returns the body, empty when there is none
   * @throws PdkBodyError when the body is larger than `maxSize`
   * @kong kong.request.get_raw_body (rewrite, access, response)
   */
  getRawBody(maxSize?: number): Promise<Uint8Array> {
    const channel = this[CHANNEL]
    if (maxSize !== undefined && maxSize !== null && typeof maxSize !== 'number') {
      return channel.refuseArgument(METHODS.getRawBody, { argument: 'max_allowed_file_size', rule: 'must be a number of bytes' })
    }
    const limit = maxSize === undefined || maxSize === null || maxSize <= 0 ? Infinity : maxSize
    // Always 0, no limit: Kong raises on a body in a file that is larger than the limit it is given.
    return channel.send<Uint8Array | undefined>(METHODS.getRawBody, [0]).then((body) => {
      const bytes = body ?? new Uint8Array()
      if (bytes.length <= limit) return bytes
      throw new PdkBodyError(`the request body is larger than ${limit} bytes: pass a higher limit, or refuse such requests with 413`)
    })
  }

  /**
   * Gives the body decoded by Kong: a form as an object of strings, `true` and arrays, multipart as an object of strings, JSON as data. An
   * empty JSON object arrives as an empty array; use `json` to get JSON exactly as it was written.
   *
   * @param mimetype type of the body, instead of the `Content-Type` of the request: a form, multipart or JSON
   * @param maxArgs how many fields of a form Kong reads, 1 to 1000; 100 when not given
   * @param maxAllowedFileSize largest body in bytes that Kong reads from a file, 0 for all (Kong 3.8 and newer). Without it, a body that
   * nginx wrote to a file is `undefined`
   * @returns the decoded body, `undefined` when there is none, its type is not known or it is not valid
   * @kong kong.request.get_body (rewrite, access, response)
   */
  getBody(mimetype?: string, maxArgs?: number, maxAllowedFileSize?: number): Promise<unknown> {
    return this[CHANNEL].send(METHODS.getBody, packArguments([mimetype, maxArgs, maxAllowedFileSize]))
  }

  /**
   * Gives the time at which Kong started to process the request.
   *
   * @returns milliseconds since the epoch
   * @kong kong.request.get_start_time (rewrite, access, response, log)
   */
  getStartTime(): Promise<number> {
    return this[CHANNEL].send(METHODS.getStartTime, [])
  }

  /**
   * Gives what the regular expression in the path of the route captured. Both parts are empty when the path is not a regular expression,
   * and in `rewrite`. Kong 3.1 and newer.
   *
   * @kong kong.request.get_uri_captures (rewrite, access, response, log)
   */
  getUriCaptures(): Promise<UriCaptures> {
    return this[CHANNEL].send<SentCaptures | undefined>(METHODS.getUriCaptures, []).then(uriCaptures)
  }

  /**
   * Gives the body, decompressed when its `Content-Encoding` is gzip, deflate or brotli. See `getRawBody` for large bodies.
   *
   * @param options `limit`: largest body in bytes after decompression, 10 MiB when not given
   * @returns the body, empty when there is none
   * @throws PdkBodyError when the body is too large or in an encoding that is not known
   * @kong kong.request.get_raw_body (rewrite, access, response)
   */
  bytes(options?: BodyOptions): Promise<Uint8Array> {
    return readBody(this, options)
  }

  /**
   * Gives the body as text, decompressed and read as UTF-8. See `getRawBody` for large bodies.
   *
   * @param options `limit`: largest body in bytes after decompression, 10 MiB when not given
   * @throws PdkBodyError when the body is too large or in an encoding that is not known
   * @kong kong.request.get_raw_body (rewrite, access, response)
   */
  text(options?: BodyOptions): Promise<string> {
    return this.bytes(options).then(readText)
  }

  /**
   * Gives the body as JSON exactly as it was written, decompressed. See `getRawBody` for large bodies.
   *
   * @param options `limit`: largest body in bytes after decompression, 10 MiB when not given
   * @returns the value, `undefined` when the body is empty
   * @throws PdkBodyError when the body is not JSON, too large or in an encoding that is not known
   * @kong kong.request.get_raw_body (rewrite, access, response)
   */
  json(options?: BodyOptions): Promise<JsonValue | undefined> {
    return this.bytes(options).then(readJson)
  }
}
