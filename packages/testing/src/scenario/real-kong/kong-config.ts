import { isRecord, stableId, type JsonRecord } from '@kong-ts/simulator'
import type { AdminApi } from './admin-api.js'

/** How a Kong is told its entities. */
export interface KongConfig {
  /** Has Kong take a declarative config in place of the one before. Kong may use it a moment later. */
  use(document: JsonRecord): Promise<void>
  /** Puts Kong back to what it was before the first `use`. */
  restore(): Promise<void>
}

/** The format that a Kong before 3.0 reads. */
const OLD_FORMAT = '2.1'
const FORMAT = '3.0'

/** The whole configuration of a Kong without a database: each `POST /config` replaces all of it. */
export class DblessConfig implements KongConfig {
  readonly #admin: AdminApi
  readonly #format: string
  readonly #before: JsonRecord

  private constructor(admin: AdminApi, format: string, before: JsonRecord) {
    this.#admin = admin
    this.#format = format
    this.#before = before
  }

  /**
   * Keeps Kong's present configuration, to restore it later.
   *
   * @param kongVersion as Kong tells it, `3.9.1`.
   */
  static async open(admin: AdminApi, kongVersion: string): Promise<DblessConfig> {
    const { status, body } = await admin.ask('GET', '/config')
    const { config } = body
    const format = Number.parseInt(kongVersion, 10) < 3 ? OLD_FORMAT : FORMAT
    return new DblessConfig(admin, format, status === 200 && typeof config === 'string' ? { config } : { _format_version: format })
  }

  use(document: JsonRecord): Promise<void> {
    return this.#admin.change('POST', '/config', { ...document, _format_version: this.#format })
  }

  restore(): Promise<void> {
    return this.#admin.change('POST', '/config', this.#before)
  }
}

/** An entity on its way to the Admin API. */
interface AdminEntity {
  /** The path under which it is created. */
  readonly collection: string
  readonly id: string
  readonly body: JsonRecord
  /** Kong deletes it together with the entity that it belongs to. */
  readonly isPart: boolean
}

/** The entities of a scenario in a Kong with a database. Leaves all other entities alone. */
export class DatabaseConfig implements KongConfig {
  readonly #admin: AdminApi
  #created: readonly AdminEntity[] = []

  constructor(admin: AdminApi) {
    this.#admin = admin
  }

  async use(document: JsonRecord): Promise<void> {
    await this.restore()
    const entities = entitiesOf(document)
    // A run that was killed may have left the same entities behind.
    await this.#remove(entities)
    this.#created = entities
    for (const { collection, id, body } of entities) await this.#admin.change('POST', collection, { id, ...body })
  }

  async restore(): Promise<void> {
    const created = this.#created
    this.#created = []
    await this.#remove(created)
  }

  /** Kong answers with success also when there is nothing to delete. */
  async #remove(entities: readonly AdminEntity[]): Promise<void> {
    for (const { collection, id, isPart } of entities.toReversed()) if (!isPart) await this.#admin.change('DELETE', `${collection}/${id}`)
  }
}

/** The entities of a declarative config in an order in which each refers to earlier ones only. */
function entitiesOf(document: JsonRecord): AdminEntity[] {
  return [
    ...listOf(document, 'upstreams').flatMap((upstream) => withParts(upstream, '/upstreams', 'targets', 'targets')),
    ...listOf(document, 'consumers').flatMap((consumer) => withParts(consumer, '/consumers', 'keyauth_credentials', 'key-auth')),
    ...listOf(document, 'services').flatMap(serviceEntities),
    ...listOf(document, 'routes').flatMap((route) => routeEntities(route, {})),
    ...listOf(document, 'plugins').map((plugin) => entity('/plugins', plugin)),
  ]
}

function serviceEntities({ routes, ...fields }: JsonRecord): AdminEntity[] {
  const service = entity('/services', fields)
  return [service, ...listOf({ routes }, 'routes').flatMap((route) => routeEntities(route, { service: { id: service.id } }))]
}

function routeEntities({ plugins, ...fields }: JsonRecord, parent: JsonRecord): AdminEntity[] {
  const route = entity('/routes', { ...fields, ...parent })
  return [route, ...listOf({ plugins }, 'plugins').map((plugin) => entity('/plugins', { ...plugin, route: { id: route.id } }))]
}

/**
 * An entity and its parts.
 *
 * @param key the key of the parts in the entity.
 * @param name the name of the parts in the Admin API.
 */
function withParts(whole: JsonRecord, collection: string, key: string, name: string): AdminEntity[] {
  const { [key]: _parts, ...fields } = whole
  const parent = entity(collection, fields)
  const inside = `${collection}/${parent.id}/${name}`
  return [parent, ...listOf(whole, key).map((part) => ({ ...entity(inside, part), isPart: true }))]
}

function entity(collection: string, body: JsonRecord): AdminEntity {
  const { id, name, username, custom_id: customId, route } = body
  // The same name gives the same id, so that entities of an earlier run are found again.
  const key = [name ?? username ?? customId ?? body, route]
  return { collection, body, isPart: false, id: typeof id === 'string' ? id : stableId(`scenario ${collection} ${JSON.stringify(key)}`) }
}

function listOf(parent: JsonRecord, key: string): JsonRecord[] {
  const list = parent[key]
  return Array.isArray(list) ? list.filter(isRecord) : []
}
