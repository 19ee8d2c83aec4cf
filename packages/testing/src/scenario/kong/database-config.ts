import { isRecord, type JsonRecord } from '@kong-ts/simulator'
import { stableId } from '@kong-ts/simulator'
import type { AdminApi } from './admin-api.js'
import type { RemoteConfig } from './remote-config.js'

/** An entity on its way to the Admin API. */
interface AdminEntity {
  /** Where it is created. */
  readonly collection: string
  readonly id: string
  readonly body: JsonRecord
  /** Kong deletes it together with what it belongs to. */
  readonly isPart: boolean
}

/** The entities of a scenario in a Kong with a database, beside all others that are there. */
export class DatabaseConfig implements RemoteConfig {
  private created: readonly AdminEntity[] = []

  constructor(private readonly admin: AdminApi) {}

  async use(document: JsonRecord): Promise<void> {
    await this.restore()
    const entities = entitiesOf(document)
    // A run that was killed may have left the same ones behind.
    await this.remove(entities)
    this.created = entities
    for (const { collection, id, body } of entities) await this.admin.change('POST', collection, { id, ...body })
  }

  async restore(): Promise<void> {
    const { created } = this
    this.created = []
    await this.remove(created)
  }

  /** Deleting what is not there succeeds. */
  private async remove(entities: readonly AdminEntity[]): Promise<void> {
    for (const { collection, id, isPart } of entities.toReversed()) if (!isPart) await this.admin.change('DELETE', `${collection}/${id}`)
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

/** @param key where the parts stand in the entity. @param name what the Admin API calls them. */
function withParts(whole: JsonRecord, collection: string, key: string, name: string): AdminEntity[] {
  const { [key]: _parts, ...fields } = whole
  const parent = entity(collection, fields)
  const inside = `${collection}/${parent.id}/${name}`
  return [parent, ...listOf(whole, key).map((part) => ({ ...entity(inside, part), isPart: true }))]
}

function entity(collection: string, body: JsonRecord): AdminEntity {
  const { id, name, username, custom_id: customId, route } = body
  // The same name gives the same id, so that what an earlier run left is found again.
  const key = [name ?? username ?? customId ?? body, route]
  return { collection, body, isPart: false, id: typeof id === 'string' ? id : stableId(`scenario ${collection} ${JSON.stringify(key)}`) }
}

function listOf(parent: JsonRecord, key: string): JsonRecord[] {
  const list = parent[key]
  return Array.isArray(list) ? list.filter(isRecord) : []
}
