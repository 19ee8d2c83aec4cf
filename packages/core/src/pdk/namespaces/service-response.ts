import type { JsonValue } from '@kong-ts/schema'
import { readBody, readJson, readText, type BodyOptions } from '../body/read-body.js'
import { asMap, type HeaderMap } from '../values/multi-map.js'
import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS['service.response']

/**
 * `kong.service.response`: the response as the service sent it. In `response` it is always at hand; in `log` only when the response was
 * buffered, by a plugin with a `response` phase or with `kong.service.request.enableBuffering`: else Kong raises there.
 */
export class ServiceResponse extends PdkNamespace {
  /**
   * Gives the status of the last attempt to reach the service, `undefined` when it was not reached.
   *
   * @kong kong.service.response.get_status (response, log)
   */
  getStatus(): Promise<number | undefined> {
    return this[CHANNEL].send(METHODS.getStatus, [])
  }

  /**
   * Gives the headers that are sent to the client, by lower-case name. Kong's own function of this name is always empty for external
   * plugins, so `kong.response.get_headers` is asked instead: headers that Kong or a plugin has added are among them. `getHeader` gives a
   * header as the service sent it.
   *
   * @param maxHeaders how many headers are read, 1 to 1000; 100 when not given
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
   * @param name the header's name in any case, `_` counts as `-`
   * @returns its value, `undefined` when the service did not send it
   * @kong kong.service.response.get_header (response, log)
   */
  getHeader(name: string): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getHeader, [name])
  }

  /**
   * Gives the body of the service, still compressed if it was; empty when there is none.
   *
   * @kong kong.service.response.get_raw_body (response, log)
   */
  getRawBody(): Promise<Uint8Array> {
    return this[CHANNEL].send<Uint8Array | undefined>(METHODS.getRawBody, []).then((body) => body ?? new Uint8Array())
  }

  /**
   * Gives the body of the service decoded by Kong, as `kong.request.getBody` does for the request; a compressed body cannot be decoded.
   *
   * @param mimetype how the body is read, instead of its `Content-Type`; in `log` it must be given
   * @param maxArgs how many fields of a form are read, 1 to 1000; 100 when not given
   * @returns the decoded body, `undefined` when there is none, its type is not known or it is not valid
   * @kong kong.service.response.get_body (response, log)
   */
  getBody(mimetype?: string, maxArgs?: number): Promise<unknown> {
    return this[CHANNEL].send(METHODS.getBody, packArguments([mimetype, maxArgs]))
  }

  /**
   * Gives the body of the service with gzip, deflate and brotli undone.
   *
   * @param options `limit`: largest body in bytes after decompression, 10 MiB when not given
   * @throws PdkBodyError when the body is too large or in an encoding that is not known
   * @kong kong.service.response.get_raw_body (response, log)
   */
  bytes(options?: BodyOptions): Promise<Uint8Array> {
    return readBody(this, options)
  }

  /**
   * Gives the body of the service as text, read as UTF-8, with gzip, deflate and brotli undone.
   *
   * @param options `limit`: largest body in bytes after decompression, 10 MiB when not given
   * @throws PdkBodyError when the body is too large or in an encoding that is not known
   * @kong kong.service.response.get_raw_body (response, log)
   */
  text(options?: BodyOptions): Promise<string> {
    return this.bytes(options).then(readText)
  }

  /**
   * Gives the body of the service read as JSON, exactly as it was written, with gzip, deflate and brotli undone.
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
