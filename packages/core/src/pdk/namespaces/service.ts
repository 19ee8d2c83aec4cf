import type { JsonValue } from '@kong-ts/schema'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'
import { readBody, readJson, readText, type BodyOptions } from '../body/read-body.js'
import { asMap, type HeaderMap } from '../values/http-values.js'
import { packArguments } from '../call/lua-arguments.js'
import { ServiceRequest } from './service-request.js'

const METHODS = PDK_METHODS.service

/** `kong.service`: the connection from Kong to the service. */
export class ServiceNamespace extends PdkNamespace {
  /** `kong.service.request`: the request to the service. */
  readonly request: ServiceRequest
  /** `kong.service.response`: the response of the service. */
  readonly response: ServiceResponse

  constructor(channel: PdkChannel) {
    super(channel)
    this.request = new ServiceRequest(channel)
    this.response = new ServiceResponse(channel)
  }

  /**
   * Sends this request to a target of another upstream entity. The host of the service must be a name: for a service whose host is an
   * address, Kong does not resolve names and ends the request with a 500.
   *
   * @param host name of an upstream entity
   * @returns `true`, or `undefined` when there is no such upstream
   * @kong kong.service.set_upstream (access)
   */
  setUpstream(host: string): Promise<true | undefined> {
    return this[CHANNEL].send(METHODS.setUpstream, [host])
  }

  /**
   * Sends this request to one target, without load balancing, retries and health checks.
   *
   * @param host an address, or a name when the host of the service is a name too
   * @param port an integer from 0 to 65535
   * @kong kong.service.set_target (access, preread)
   */
  setTarget(host: string, port: number): Promise<void> {
    return this[CHANNEL].send(METHODS.setTarget, [host, port])
  }

  /**
   * Sets how often Kong tries this request again when the service fails. Kong 3.8 and newer.
   *
   * @param retries an integer from 0 to 32767
   * @kong kong.service.set_retries (access)
   */
  setRetries(retries: number): Promise<void> {
    return this[CHANNEL].send(METHODS.setRetries, [retries])
  }

  /**
   * Sets the timeouts for the service in this request, in milliseconds: integers from 1 to 2147483646. Kong 3.8 and newer.
   *
   * @param connectTimeout milliseconds for connecting
   * @param writeTimeout milliseconds between two writes of the request
   * @param readTimeout milliseconds between two reads of the response
   * @kong kong.service.set_timeouts (access)
   */
  setTimeouts(connectTimeout: number, writeTimeout: number, readTimeout: number): Promise<void> {
    return this[CHANNEL].send(METHODS.setTimeouts, [connectTimeout, writeTimeout, readTimeout])
  }

  /**
   * Turns the verification of the certificate of the service on or off for this request. Before Kong 3.2 only in HTTP.
   *
   * @param on `true` to verify it
   * @returns `true`, or `undefined` when it failed
   * @kong kong.service.set_tls_verify (rewrite, access, preread)
   */
  setTlsVerify(on: boolean): Promise<true | undefined> {
    return this[CHANNEL].send(METHODS.setTlsVerify, [on])
  }

  /**
   * Sets how many intermediate certificates may stand between the certificate of the service and a trusted one.
   *
   * @param depth number of intermediate certificates
   * @returns `true`, or `undefined` when it failed
   * @kong kong.service.set_tls_verify_depth (rewrite, access, preread)
   */
  setTlsVerifyDepth(depth: number): Promise<true | undefined> {
    return this[CHANNEL].send(METHODS.setTlsVerifyDepth, [depth])
  }
}

const RESPONSE_METHODS = PDK_METHODS['service.response']

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
    return this[CHANNEL].send(RESPONSE_METHODS.getStatus, [])
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
    const refusal = channel.refusal(RESPONSE_METHODS.getHeaders, [maxHeaders])
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
    return this[CHANNEL].send(RESPONSE_METHODS.getHeader, [name])
  }

  /**
   * Gives the body as the service sent it, still compressed if it was.
   *
   * @returns the body, empty when there is none
   * @kong kong.service.response.get_raw_body (response, log)
   */
  getRawBody(): Promise<Uint8Array> {
    return this[CHANNEL].send<Uint8Array | undefined>(RESPONSE_METHODS.getRawBody, []).then((body) => body ?? new Uint8Array())
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
    return this[CHANNEL].send(RESPONSE_METHODS.getBody, packArguments([mimetype, maxArgs]))
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
