import type { JsonRecord } from '@kong-ts/simulator'
import type { AdminApi } from './admin-api.js'
import type { RemoteConfig } from './remote-config.js'

/** The format of Kongs before 3.0. */
const OLD_FORMAT = '2.1'
const FORMAT = '3.0'

/** The whole configuration of a Kong without a database: each `POST /config` replaces all of it. */
export class DblessConfig implements RemoteConfig {
  private constructor(
    private readonly admin: AdminApi,
    private readonly format: string,
    private readonly before: JsonRecord,
  ) {}

  /**
   * Keeps what Kong is configured with now.
   * @param kongVersion as Kong tells it, `3.9.1`.
   */
  static async open(admin: AdminApi, kongVersion: string): Promise<DblessConfig> {
    const { status, body } = await admin.ask('GET', '/config')
    const { config } = body
    const format = Number.parseInt(kongVersion, 10) < 3 ? OLD_FORMAT : FORMAT
    return new DblessConfig(admin, format, status === 200 && typeof config === 'string' ? { config } : { _format_version: format })
  }

  use(document: JsonRecord): Promise<void> {
    return this.admin.change('POST', '/config', { ...document, _format_version: this.format })
  }

  restore(): Promise<void> {
    return this.admin.change('POST', '/config', this.before)
  }
}
