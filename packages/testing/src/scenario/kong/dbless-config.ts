import type { JsonRecord } from '../../gateway/json-record.js'
import type { AdminApi } from './admin-api.js'
import type { RemoteConfig } from './remote-config.js'

const EMPTY = { _format_version: '3.0' }

/** The whole configuration of a Kong without a database: each `POST /config` replaces all of it. */
export class DblessConfig implements RemoteConfig {
  private constructor(
    private readonly admin: AdminApi,
    private readonly before: JsonRecord,
  ) {}

  /** Keeps what Kong is configured with now. */
  static async open(admin: AdminApi): Promise<DblessConfig> {
    const { status, body } = await admin.ask('GET', '/config')
    const { config } = body
    return new DblessConfig(admin, status === 200 && typeof config === 'string' ? { config } : EMPTY)
  }

  use(document: JsonRecord): Promise<void> {
    return this.admin.change('POST', '/config', document)
  }

  restore(): Promise<void> {
    return this.admin.change('POST', '/config', this.before)
  }
}
