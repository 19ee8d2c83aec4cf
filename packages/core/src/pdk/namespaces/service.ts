import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'
import { ServiceRequest } from './service-request.js'
import { ServiceResponse } from './service-response.js'

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
