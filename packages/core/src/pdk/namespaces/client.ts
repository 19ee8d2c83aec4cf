import type { Consumer, ConsumerGroup, Credential } from '../values/entities.js'
import { packArguments } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS.client
const TLS_METHODS = PDK_METHODS['client.tls']

/** `kong.client.tls`: the TLS connection between client and Kong. Not available over ProtoBuf:1. */
export class ClientTls extends PdkNamespace {
  /**
   * Asks the client for a certificate during the TLS handshake. Kong does not verify it. Only plugins that are configured globally run in
   * this phase.
   *
   * @returns `true`, or `undefined` when Kong could not ask for it
   * @kong kong.client.tls.request_client_certificate (certificate)
   */
  requestClientCertificate(): Promise<true | undefined> {
    return this[CHANNEL].send(TLS_METHODS.requestClientCertificate, [])
  }

  /**
   * Turns TLS session tickets and ids off for this connection, so that the certificate phase runs again when the client connects again.
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
   * Sets the result of the verification of the client certificate that `kong.log.serialize` and later plugins see.
   *
   * @param v `SUCCESS`, `NONE`, or `FAILED:` with a reason
   * @kong kong.client.tls.set_client_verify (rewrite, access, response)
   */
  setClientVerify(v: 'SUCCESS' | 'NONE' | `FAILED:${string}`): Promise<void> {
    return this[CHANNEL].send(TLS_METHODS.setClientVerify, [v])
  }
}

/** `kong.client`: the client that sent the request, its consumer and credential. */
export class Client extends PdkNamespace {
  /** `kong.client.tls`: the TLS connection to the client. */
  readonly tls: ClientTls

  constructor(channel: PdkChannel) {
    super(channel)
    this.tls = new ClientTls(channel)
  }

  /**
   * Gives the address of the peer that is connected to Kong. Headers such as `X-Forwarded-For` do not change it.
   *
   * @returns an IP address, or `unix:` for a connection over a unix socket
   * @kong kong.client.get_ip (rewrite, access, response, preread)
   */
  getIp(): Promise<string> {
    return this[CHANNEL].send(METHODS.getIp, [])
  }

  /**
   * Gives the address of the client. It comes from the header that `real_ip_header` of kong.conf names when the peer is in `trusted_ips`,
   * else it is the address of the peer.
   *
   * @returns an IP address
   * @kong kong.client.get_forwarded_ip (rewrite, access, response, preread)
   */
  getForwardedIp(): Promise<string> {
    return this[CHANNEL].send(METHODS.getForwardedIp, [])
  }

  /**
   * Gives the source port of the peer that is connected to Kong.
   *
   * @returns 0 to 65535
   * @kong kong.client.get_port (rewrite, access, response, preread)
   */
  getPort(): Promise<number> {
    return this[CHANNEL].send(METHODS.getPort, [])
  }

  /**
   * Gives the source port of the client, found as `getForwardedIp` finds its address.
   *
   * @returns the port, `undefined` when the forwarded address came without one
   * @kong kong.client.get_forwarded_port (rewrite, access, response, preread)
   */
  getForwardedPort(): Promise<number | undefined> {
    return this[CHANNEL].send(METHODS.getForwardedPort, [])
  }

  /**
   * Gives the credential that an authentication plugin found for the request. It may hold secrets.
   *
   * @returns the credential, `undefined` when the request is not authenticated
   * @kong kong.client.get_credential (access, response, log)
   */
  getCredential(): Promise<Credential | undefined> {
    return this[CHANNEL].send(METHODS.getCredential, [])
  }

  /**
   * Finds a consumer in the database of Kong.
   *
   * @param consumerId uuid of the consumer, or its username when `searchByUsername` is true; never its `custom_id`
   * @param searchByUsername whether Kong searches usernames when no uuid matches; default `false`
   * @returns the consumer, `undefined` when there is none
   * @kong kong.client.load_consumer (access, response, log)
   */
  loadConsumer(consumerId: string, searchByUsername?: boolean): Promise<Consumer | undefined> {
    return this[CHANNEL].send(METHODS.loadConsumer, packArguments([consumerId, searchByUsername]))
  }

  /**
   * Gives the consumer that an authentication plugin found for the request.
   *
   * @returns the consumer, `undefined` when the request is not authenticated
   * @kong kong.client.get_consumer (access, response, log)
   */
  getConsumer(): Promise<Consumer | undefined> {
    return this[CHANNEL].send(METHODS.getConsumer, [])
  }

  /**
   * Sets consumer and credential of the request. Replaces both: an argument that is not given removes what was set before. Does not set
   * headers such as `X-Consumer-ID`; use `kong.service.request.setHeader` for them.
   *
   * @param consumer a consumer, for example from `loadConsumer`; it or `credential` must be given
   * @param credential a credential with an `id`
   * @kong kong.client.authenticate (access)
   */
  authenticate(consumer: Consumer | undefined | null, credential?: Credential | null): Promise<void> {
    return this[CHANNEL].send(METHODS.authenticate, packArguments([consumer, credential]))
  }

  /**
   * Gives the protocol of the matched route. When the route has several, gives the one that the client used.
   *
   * @param allowTerminated whether Kong reads the header `X-Forwarded-Proto` of a trusted peer; default `false`
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
   * Sets the consumer group of the request. Kong Gateway Enterprise only: open-source Kong ignores the call.
   *
   * @param group a group; removes the group when not given
   * @kong kong.client.set_authenticated_consumer_group (access, response, log)
   */
  setAuthenticatedConsumerGroup(group?: ConsumerGroup): Promise<void> {
    return this[CHANNEL].send(METHODS.setAuthenticatedConsumerGroup, packArguments([group]))
  }

  /**
   * Sets the consumer groups of the request. Kong Gateway Enterprise only: open-source Kong ignores the call.
   *
   * @param groups groups; removes them when not given
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
