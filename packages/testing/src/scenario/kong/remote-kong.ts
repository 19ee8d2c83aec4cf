import { randomUUID } from 'node:crypto'
import { isRecord, type JsonRecord } from '@kong-ts/simulator'
import type { LiveKong } from '../sockets/live-kong.js'
import type { KongAddress } from './kong-address.js'
import { probeEntities, Prober } from './prober.js'
import type { RemoteConfig } from './remote-config.js'

/** A Kong given by URL, configured through its Admin API. */
export class RemoteKong implements LiveKong {
  readonly proxyUrl: string
  readonly tlsUrl: string | undefined
  readonly log = undefined
  private used: { readonly text: string; readonly prober: Prober } | undefined

  constructor(
    { target, targetTls }: KongAddress,
    private readonly config: RemoteConfig,
    /** `host:port` under which Kong reaches the scenario's upstream. */
    private readonly upstreamTarget: string,
  ) {
    this.proxyUrl = target
    this.tlsUrl = targetTls
  }

  async configure(document: JsonRecord): Promise<void> {
    const text = JSON.stringify(document)
    // Another scenario may have used this Kong meanwhile.
    if (this.used?.text === text && (await this.used.prober.isLive())) return
    const generation = randomUUID()
    this.used = undefined
    const { plugins } = document
    const probing = { generation, upstreamTarget: this.upstreamTarget, answersItself: Array.isArray(plugins) && plugins.length > 0 }
    await this.config.use(withProbe(document, probeEntities(probing)))
    const prober = new Prober(this.proxyUrl, probing)
    await prober.untilLive()
    this.used = { text, prober }
  }

  close(): Promise<void> {
    return this.config.restore()
  }
}

/** The probe comes last: who finds it finds everything else too. */
function withProbe(document: JsonRecord, probe: { readonly services: readonly JsonRecord[] }): JsonRecord {
  const { services } = document
  return { ...document, services: [...(Array.isArray(services) ? services.filter(isRecord) : []), ...probe.services] }
}
