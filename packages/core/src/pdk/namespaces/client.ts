import type { Consumer, ConsumerGroup, Credential } from '../values/entities.js'
import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS.client
const TLS_METHODS = PDK_METHODS['client.tls']

/** `kong.client.tls`: the TLS connection to the client. */
export class ClientTls extends PdkNamespace {
  /**
   * Asks the client for a certificate during the TLS handshake, without verifying it. Only plugins configured globally run early enough.
   *
   * @returns `true`, or `undefined` when it could not be asked for
   * @kong kong.client.tls.request_client_certificate (certificate)
   */
  requestClientCertificate(): Promise<true | undefined> {
    return this[CHANNEL].send(TLS_METHODS.requestClientCertificate, [])
  }

  /**
   * Forbids TLS session tickets and ids for this connection, so that the certificate phase runs again for the next one.
   *
   * @returns `true`, or `undefined` when it failed
   * @kong kong.client.tls.disable_session_reuse (certificate)
   */
  disableSessionReuse(): Promise<true | undefined> {
    return this[CHANNEL].send(TLS_METHODS.disableSessionReuse, [])
  }

  /**
   * Gives the certificate chain of the client.
   *
   * @returns PEM text, leaf first; `undefined` when the client sent no certificate or the connection is not TLS
   * @kong kong.client.tls.get_full_client_certificate_chain (rewrite, access, response)
   */
  getFullClientCertificateChain(): Promise<string | undefined> {
    return this[CHANNEL].send(TLS_METHODS.getFullClientCertificateChain, [])
  }

  /**
   * Replaces the result of verifying the client certificate, as `kong.log.serialize` and later plugins see it.
   *
   * @param v `SUCCESS`, `NONE`, or `FAILED:` with a reason
   * @kong kong.client.tls.set_client_verify (rewrite, access, response)
   */
  setClientVerify(v: 'SUCCESS' | 'NONE' | `FAILED:${string}`): Promise<void> {
    return this[CHANNEL].send(TLS_METHODS.setClientVerify, [v])
  }
}

/** `kong.client`: who sent the request. */
export class Client extends PdkNamespace {
  /** `kong.client.tls`: the TLS connection to the client. */
  readonly tls: ClientTls

  constructor(channel: PdkChannel) {
    super(channel)
    this.tls = new ClientTls(channel)
  }

  /**
   * Gives the address of the direct peer, whatever forwarding headers say.
   *
   * @returns an IP address, or `unix:` for a connection over a unix socket
   * @kong kong.client.get_ip (rewrite, access, response, preread)
   */
  getIp(): Promise<string> {
    return this[CHANNEL].send(METHODS.getIp, [])
  }

  /**
   * Gives the address of the client: from the header set in `real_ip_header` when the direct peer is in `trusted_ips`, else of the peer.
   *
   * @returns an IP address
   * @kong kong.client.get_forwarded_ip (rewrite, access, response, preread)
   */
  getForwardedIp(): Promise<string> {
    return this[CHANNEL].send(METHODS.getForwardedIp, [])
  }

  /**
   * Gives the source port of the direct peer.
   *
   * @kong kong.client.get_port (rewrite, access, response, preread)
   */
  getPort(): Promise<number> {
    return this[CHANNEL].send(METHODS.getPort, [])
  }

  /**
   * Gives the source port of the client, as `getForwardedIp` gives its address.
   *
   * @returns the port, `undefined` when the forwarded address came without one
   * @kong kong.client.get_forwarded_port (rewrite, access, response, preread)
   */
  getForwardedPort(): Promise<number | undefined> {
    return this[CHANNEL].send(METHODS.getForwardedPort, [])
  }

  /**
   * Gives the credential with which an authentication plugin let the request pass. It may hold secrets.
   *
   * @returns the credential, `undefined` when the request is not authenticated
   * @kong kong.client.get_credential (access, response, log)
   */
  getCredential(): Promise<Credential | undefined> {
    return this[CHANNEL].send(METHODS.getCredential, [])
  }

  /**
   * Looks a consumer up in Kong's store.
   *
   * @param consumerId uuid of the consumer, or its username when `searchByUsername` is true (never its `custom_id`)
   * @param searchByUsername whether usernames are searched when no uuid matches
   * @returns the consumer, `undefined` when there is none
   * @kong kong.client.load_consumer (access, response, log)
   */
  loadConsumer(consumerId: string, searchByUsername?: boolean): Promise<Consumer | undefined> {
    return this[CHANNEL].send(METHODS.loadConsumer, packArguments([consumerId, searchByUsername]))
  }

  /**
   * Gives the consumer that the request was authenticated as.
   *
   * @returns the consumer, `undefined` when the request is not authenticated
   * @kong kong.client.get_consumer (access, response, log)
   */
  getConsumer(): Promise<Consumer | undefined> {
    return this[CHANNEL].send(METHODS.getConsumer, [])
  }

  /**
   * Sets consumer and credential of the request. Both are replaced: what is not given is removed. Headers such as `X-Consumer-ID` are not
   * set; do that with `kong.service.request.setHeader`.
   *
   * @param consumer a consumer, for example from `loadConsumer`; at least one of the two must be given
   * @param credential a credential with an `id`
   * @kong kong.client.authenticate (access)
   */
  authenticate(consumer: Consumer | undefined | null, credential?: Credential | null): Promise<void> {
    return this[CHANNEL].send(METHODS.authenticate, packArguments([consumer, credential]))
  }

  /**
   * Gives the protocol of the matched route, and when it has several, the one the client used.
   *
   * @param allowTerminated whether the header `X-Forwarded-Proto` of a trusted peer counts
   * @returns for example `http`, `https`, `grpc`, `tcp`, `tls`; `undefined` without a matched route or with an ambiguous header
   * @kong kong.client.get_protocol (access, response)
   */
  getProtocol(allowTerminated?: boolean): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getProtocol, packArguments([allowTerminated]))
  }

  /**
   * Gives the consumer group of the request. Kong Gateway Enterprise only: open-source Kong answers nothing.
   *
   * @returns the group, `undefined` when there is none
   * @kong kong.client.get_consumer_group (access, response, log)
   */
  getConsumerGroup(): Promise<ConsumerGroup | undefined> {
    return this[CHANNEL].send(METHODS.getConsumerGroup, [])
  }

  /**
   * Gives the consumer groups of the request. Kong Gateway Enterprise only: open-source Kong answers nothing.
   *
   * @returns the groups, `undefined` when there are none
   * @kong kong.client.get_consumer_groups (access, response, log)
   */
  getConsumerGroups(): Promise<readonly ConsumerGroup[] | undefined> {
    return this[CHANNEL].send(METHODS.getConsumerGroups, [])
  }

  /**
   * Sets the consumer group of the request, or removes it. Kong Gateway Enterprise only: open-source Kong ignores the call.
   *
   * @kong kong.client.set_authenticated_consumer_group (access, response, log)
   */
  setAuthenticatedConsumerGroup(group?: ConsumerGroup): Promise<void> {
    return this[CHANNEL].send(METHODS.setAuthenticatedConsumerGroup, packArguments([group]))
  }

  /**
   * Sets the consumer groups of the request, or removes them. Kong Gateway Enterprise only: open-source Kong ignores the call.
   *
   * @kong kong.client.set_authenticated_consumer_groups (access, response, log)
   */
  setAuthenticatedConsumerGroups(groups?: readonly ConsumerGroup[]): Promise<void> {
    return this[CHANNEL].send(METHODS.setAuthenticatedConsumerGroups, packArguments([groups]))
  }

  /**
   * Sets the consumer groups of the request to those of a consumer. Kong Gateway Enterprise only: open-source Kong ignores the call.
   *
   * @param consumerId uuid of the consumer
   * @kong kong.client.authenticate_consumer_group_by_consumer_id (access, response, log)
   */
  authenticateConsumerGroupByConsumerId(consumerId?: string): Promise<void> {
    return this[CHANNEL].send(METHODS.authenticateConsumerGroupByConsumerId, packArguments([consumerId]))
  }
}
