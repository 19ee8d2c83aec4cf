import { CHANNEL, PdkNamespace } from '../pdk-channel.js'
import { PDK_METHODS } from '../pdk-methods.js'

const METHODS = PDK_METHODS['client.tls']

/** `kong.client.tls`: the TLS connection to the client. */
export class ClientTls extends PdkNamespace {
  /**
   * Asks the client for a certificate during the TLS handshake, without verifying it. Only plugins configured globally run early enough.
   *
   * @returns `true`, or `undefined` when it could not be asked for
   * @kong kong.client.tls.request_client_certificate (certificate)
   */
  requestClientCertificate(): Promise<true | undefined> {
    return this[CHANNEL].send(METHODS.requestClientCertificate, [])
  }

  /**
   * Forbids TLS session tickets and ids for this connection, so that the certificate phase runs again for the next one.
   *
   * @returns `true`, or `undefined` when it failed
   * @kong kong.client.tls.disable_session_reuse (certificate)
   */
  disableSessionReuse(): Promise<true | undefined> {
    return this[CHANNEL].send(METHODS.disableSessionReuse, [])
  }

  /**
   * Gives the certificate chain of the client.
   *
   * @returns PEM text, leaf first; `undefined` when the client sent no certificate or the connection is not TLS
   * @kong kong.client.tls.get_full_client_certificate_chain (rewrite, access, response)
   */
  getFullClientCertificateChain(): Promise<string | undefined> {
    return this[CHANNEL].send(METHODS.getFullClientCertificateChain, [])
  }

  /**
   * Replaces the result of verifying the client certificate, as `kong.log.serialize` and later plugins see it.
   *
   * @param v `SUCCESS`, `NONE`, or `FAILED:` with a reason
   * @kong kong.client.tls.set_client_verify (rewrite, access, response)
   */
  setClientVerify(v: 'SUCCESS' | 'NONE' | `FAILED:${string}`): Promise<void> {
    return this[CHANNEL].send(METHODS.setClientVerify, [v])
  }
}
