import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'
import { ServiceRequest } from './service-request.js'
import { ServiceResponse } from './service-response.js'

const METHODS = PDK_METHODS.service

/** `kong.service`: the connection to the service. */
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
   * Balances this request over another upstream. The service's own host must be a name: names are not resolved for a service with an
   * address.
   *
   * @param host name of an upstream entity
   * @returns `true`, or `undefined` when there is no such upstream
   * @kong kong.service.set_upstream (access)
   */
  setUpstream(host: string): Promise<true | undefined> {
    return this[CHANNEL].send(METHODS.setUpstream, [host])
  }

  /**
   * Sends this request straight to a target, without balancing, retries and health checks. The service's own host must be a name for `host`
   * to be one.
   *
   * @param host an address or a name
   * @param port 0 to 65535
   * @kong kong.service.set_target (access, preread)
   */
  setTarget(host: string, port: number): Promise<void> {
    return this[CHANNEL].send(METHODS.setTarget, [host, port])
  }

  /**
   * Sets how often this request is tried again. Kong 3.8 and newer.
   *
   * @param retries 0 to 32767
   * @kong kong.service.set_retries (access)
   */
  setRetries(retries: number): Promise<void> {
    return this[CHANNEL].send(METHODS.setRetries, [retries])
  }

  /**
   * Sets the timeouts of this request towards the service, in milliseconds from 1 to 2147483646. Kong 3.8 and newer.
   *
   * @param connectTimeout for connecting
   * @param writeTimeout between two writes of the request
   * @param readTimeout between two reads of the response
   * @kong kong.service.set_timeouts (access)
   */
  setTimeouts(connectTimeout: number, writeTimeout: number, readTimeout: number): Promise<void> {
    return this[CHANNEL].send(METHODS.setTimeouts, [connectTimeout, writeTimeout, readTimeout])
  }

  /**
   * Turns the verification of the service's certificate on or off for this request.
   *
   * @returns `true`, or `undefined` when it failed
   * @kong kong.service.set_tls_verify (rewrite, access, preread)
   */
  setTlsVerify(on: boolean): Promise<true | undefined> {
    return this[CHANNEL].send(METHODS.setTlsVerify, [on])
  }

  /**
   * Sets how long the chain of the service's certificate may be.
   *
   * @param depth number of intermediate certificates
   * @returns `true`, or `undefined` when it failed
   * @kong kong.service.set_tls_verify_depth (rewrite, access, preread)
   */
  setTlsVerifyDepth(depth: number): Promise<true | undefined> {
    return this[CHANNEL].send(METHODS.setTlsVerifyDepth, [depth])
  }
}
