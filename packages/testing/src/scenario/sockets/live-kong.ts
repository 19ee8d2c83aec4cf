import type { JsonRecord } from '@kong-ts/simulator'

/** A Kong that listens somewhere: the stand-in gateway, or one given by URL. */
export interface LiveKong {
  /** `http://host:port` of its proxy. */
  readonly proxyUrl: string
  /** `https://host:port` of its proxy, when it is known. */
  readonly tlsUrl: string | undefined
  /** Has it use a declarative config, and resolves when requests find it. Does nothing when it uses this one already. */
  configure(document: JsonRecord): Promise<void>
  /** What it has written to its error log, and goes on writing; undefined when that cannot be seen. */
  readonly log: readonly string[] | undefined
  close(): Promise<void>
}
