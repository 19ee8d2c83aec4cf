import type { JsonValue } from '@kong-ts/schema'
import { readBody, readJson, readText, type BodyOptions } from '../body/read-body.js'
import { asMap, type HeaderMap } from '../values/multi-map.js'
import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS['service.response']

/**
 * `kong.service.response`: the response as the service sent it.
 *
 * In `response` it can always be read. In `log` it can be read only when Kong buffered the response, because a plugin has a `response`
 * phase or called `kong.service.request.enableBuffering`. Otherwise Kong raises in `log`.
 */
export class ServiceResponse extends PdkNamespace {
  /**
   * Gives the status of the last attempt to reach the service.
   *
   * @returns the status, `undefined` when the service did not answer
   * @kong kong.service.response.get_status (response, log)
   */
  getStatus(): Promise<number | undefined> {
    return this[CHANNEL].send(METHODS.getStatus, [])
  }

  /**
   * Gives the headers that are sent to the client, by lower-case name. It calls `kong.response.get_headers`, because Kong's function of
   * this name is always empty for external plugins. Headers that Kong or a plugin added are among them; use `getHeader` for a header as the
   * service sent it.
   *
   * The result is a plain object, not the `Headers` class of `fetch`.
   *
   * @param maxHeaders how many headers Kong reads, 1 to 1000; 100 when not given
   * @kong kong.service.response.get_headers (response, log)
   */
  getHeaders(maxHeaders?: number): Promise<HeaderMap> {
    const channel = this[CHANNEL]
    const refusal = channel.refusal(METHODS.getHeaders, [maxHeaders])
    if (refusal !== undefined) return channel.refuse(refusal)
    return channel.send<HeaderMap>(PDK_METHODS.response.getHeaders, packArguments([maxHeaders])).then(asMap)
  }

  /**
   * Gives the first value of a header of the service.
   *
   * @param name name of the header in any case; `_` counts as `-`
   * @returns the value, `undefined` when the service did not send it
   * @kong kong.service.response.get_header (response, log)
   */
  getHeader(name: string): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getHeader, [name])
  }

  /**
   * Gives the body as the service sent it, still compressed if it was.
   *
   * @returns the body, empty when there is none
   * @kong kong.service.response.get_raw_body (response, log)
   */
  getRawBody(): Promise<Uint8Array> {
    return this[CHANNEL].send<Uint8Array | undefined>(METHODS.getRawBody, []).then((body) => body ?? new Uint8Array())
  }

  /**
   * Gives the body decoded by Kong, as `kong.request.getBody` does for the request. Kong cannot decode a compressed body.
   *
   * @param mimetype type of the body, instead of its `Content-Type`; in `log` it must be given
   * @param maxArgs how many fields of a form Kong reads, 1 to 1000; 100 when not given
   * @returns the decoded body, `undefined` when there is none, its type is not known or it is not valid
   * @kong kong.service.response.get_body (response, log)
   */
  getBody(mimetype?: string, maxArgs?: number): Promise<unknown> {
    return this[CHANNEL].send(METHODS.getBody, packArguments([mimetype, maxArgs]))
  }

  /**
   * Gives the body, decompressed when its `Content-Encoding` is gzip, deflate or brotli.
   *
   * @param options `limit`: largest body in bytes after decompression, 10 MiB when not given
   * @throws PdkBodyError when the body is too large or in an encoding that is not known
   * @kong kong.service.response.get_raw_body (response, log)
   */
  bytes(options?: BodyOptions): Promise<Uint8Array> {
    return readBody(this, options)
  }

  /**
   * Gives the body as text, decompressed and read as UTF-8.
   *
   * @param options `limit`: largest body in bytes after decompression, 10 MiB when not given
   * @throws PdkBodyError when the body is too large or in an encoding that is not known
   * @kong kong.service.response.get_raw_body (response, log)
   */
  text(options?: BodyOptions): Promise<string> {
    return this.bytes(options).then(readText)
  }

  /**
   * Gives the body as JSON exactly as it was written, decompressed.
   *
   * @param options `limit`: largest body in bytes after decompression, 10 MiB when not given
   * @returns the value, `undefined` when the body is empty
   * @throws PdkBodyError when the body is not JSON, too large or in an encoding that is not known
   * @kong kong.service.response.get_raw_body (response, log)
   */
  json(options?: BodyOptions): Promise<JsonValue | undefined> {
    return this.bytes(options).then(readJson)
  }
}
