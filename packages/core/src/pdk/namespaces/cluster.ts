import { CHANNEL, PdkNamespace } from '../pdk-channel.js'
import { PDK_METHODS } from '../pdk-methods.js'

/** `kong.cluster`: the nodes that work together. */
export class Cluster extends PdkNamespace {
  /**
   * Gives the id that all nodes of the cluster share, `undefined` when there is none, as in DB-less mode.
   *
   * @kong kong.cluster.get_id (certificate, rewrite, access, response, preread, log)
   */
  getId(): Promise<string | undefined> {
    return this[CHANNEL].send(PDK_METHODS.cluster.getId, [])
  }
}
