import { CHANNEL, PdkNamespace } from '../pdk-channel.js'
import { PDK_METHODS } from '../pdk-methods.js'

/** `kong.ip`: which peers Kong trusts. */
export class Ip extends PdkNamespace {
  /**
   * Tells whether an address is in Kong's `trusted_ips`, so that its forwarding headers count.
   *
   * @param address an IPv4 or IPv6 address
   * @kong kong.ip.is_trusted (certificate, rewrite, access, response, preread, log)
   */
  isTrusted(address: string): Promise<boolean> {
    return this[CHANNEL].send(PDK_METHODS.ip.isTrusted, [address])
  }
}
