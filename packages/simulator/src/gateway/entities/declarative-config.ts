import { decodeJson, LuaTable, toLuaText } from '@kong-ts/schema/lua'
import type { KongEntity, KongUpstream, UpstreamTarget } from '../../model/index.js'
import { GatewayConfigError } from '../report/gateway-report.js'
import { createPathMatcher } from '../router/route-conditions.js'
import type { RoutedService } from '../router/router.js'
import { balancedUpstream, balancerWarning } from './balanced-upstream.js'
import { collectEntities } from './collect-entities.js'
import { type DeclaredEntity, type EntityKindName, ENTITY_KINDS, isEntityKindName, PARENT_REFERENCE } from './entity-kinds.js'
import { isRecord, type JsonRecord } from './json-record.js'

/** A plugin entity: which plugin runs, with what configuration, and for which requests. */
export interface ConfiguredPlugin {
  readonly id: string
  readonly name: string
  readonly instanceName?: string
  /** Ids of the entities that it is limited to. */
  readonly scope: { readonly route?: string; readonly service?: string; readonly consumer?: string }
  readonly config: JsonRecord
  /** The part of the entity that the plugin's schema judges. References are by id. */
  readonly entry: JsonRecord
  /** Its place in the file. */
  readonly path: string
}

/** A checked declarative config with defaults filled in and references resolved. */
export interface DeclarativeConfig {
  /** Name of the file in messages. */
  readonly file: string
  /** Every entity as the Admin API shows it. */
  readonly entities: readonly DeclaredEntity[]
  readonly routes: readonly RoutedService[]
  readonly plugins: readonly ConfiguredPlugin[]
  readonly consumers: readonly KongEntity[]
  readonly credentials: ReadonlyMap<string, readonly KongEntity[]>
  readonly upstreams: ReadonlyMap<string, KongUpstream>
  readonly vaults: ReadonlyMap<string, KongEntity>
  readonly warnings: readonly string[]
}

/**
 * Makes a declarative config from a parsed document.
 * @param now seconds since 1970.
 * @throws GatewayConfigError: one line that names the file, the key path and the remedy.
 */
export function createDeclarativeConfig(document: unknown, file: string, now: number): DeclarativeConfig {
  const collected = collectEntities(document, file, now)
  const entities = resolveReferences(collected.entities, file)
  const ofKind = (kind: EntityKindName): DeclaredEntity[] => entities.filter((entity) => entity.kind === kind)
  const services = new Map(ofKind('services').map((entity) => [entity.id, entity]))
  return {
    file,
    entities,
    routes: ofKind('routes').flatMap((route) => routedService(route, services, file)),
    plugins: ofKind('plugins')
      .filter(({ fields }) => fields['enabled'] !== false)
      .map(configuredPlugin),
    consumers: ofKind('consumers').map(({ fields }) => luaEntity(fields)),
    credentials: new Map(
      (['keyauth_credentials', 'basicauth_credentials'] as const).map((kind) => [
        kind,
        ofKind(kind).map(({ fields }) => luaEntity(fields)),
      ]),
    ),
    upstreams: new Map(ofKind('upstreams').map((entity) => [String(entity.fields['name']), upstream(entity, ofKind('targets'), file)])),
    vaults: new Map(ofKind('vaults').map(({ fields }) => [String(fields['prefix']), luaEntity(fields)])),
    warnings: [...collected.warnings, ...ofKind('upstreams').flatMap((entity) => balancerWarning(entity, file) ?? [])],
  }
}

function routedService(route: DeclaredEntity, services: ReadonlyMap<string, DeclaredEntity>, file: string): RoutedService[] {
  const conditions = ['paths', 'hosts', 'methods', 'headers', 'snis', 'sources', 'destinations']
  if (!conditions.some((name) => route.fields[name] !== undefined)) {
    throw new GatewayConfigError(`${file}: ${route.path} has no condition; give it paths, hosts, methods, headers or snis`)
  }
  for (const [index, path] of (Array.isArray(route.fields['paths']) ? route.fields['paths'] : []).entries()) {
    checkExpression(String(path), `${file}: ${route.path}.paths[${index}]`)
  }
  const serviceId = referencedId(route.fields['service'])
  const service = serviceId === undefined ? undefined : services.get(serviceId)
  if (service?.fields['enabled'] === false) return []
  return [{ route: luaEntity(route.fields), ...(service === undefined ? {} : { service: luaEntity(service.fields) }) }]
}

function checkExpression(path: string, where: string): void {
  try {
    createPathMatcher(path)
  } catch (error) {
    throw new GatewayConfigError(
      `${where}: "${path}" is not a valid regular expression (${error instanceof Error ? error.message : String(error)}); correct it`,
    )
  }
}

function configuredPlugin({ id, path, fields }: DeclaredEntity): ConfiguredPlugin {
  const route = referencedId(fields['route'])
  const service = referencedId(fields['service'])
  const consumer = referencedId(fields['consumer'])
  const { instance_name: instanceName, config } = fields
  const judged = ['config', 'protocols', 'tags', 'instance_name', 'route', 'service', 'consumer'].filter((key) => fields[key] !== undefined)
  return {
    entry: Object.fromEntries(judged.map((key) => [key, fields[key]])),
    id,
    path,
    name: String(fields['name']),
    config: isRecord(config) ? config : {},
    scope: {
      ...(route === undefined ? {} : { route }),
      ...(service === undefined ? {} : { service }),
      ...(consumer === undefined ? {} : { consumer }),
    },
    ...(typeof instanceName === 'string' ? { instanceName } : {}),
  }
}

function upstream(entity: DeclaredEntity, targets: readonly DeclaredEntity[], file: string): KongUpstream {
  const own = targets.filter((target) => referencedId(target.fields['upstream']) === entity.id).map((target) => parseTarget(target, file))
  return balancedUpstream(entity, own, file)
}

function parseTarget({ path, fields }: DeclaredEntity, file: string): UpstreamTarget {
  const text = String(fields['target'])
  const [, host, port = '8000'] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  if (host === undefined) throw new GatewayConfigError(`${file}: ${path}.target "${text}" is not an address; write host:port`)
  return { host, port: Number(port), weight: Number(fields['weight']) }
}

function referencedId(reference: unknown): string | undefined {
  return isRecord(reference) && typeof reference['id'] === 'string' ? reference['id'] : undefined
}

/** The fields of an entity as Kong's Lua code has them: strings as bytes, empty lists as lists. */
export function luaEntity(fields: JsonRecord): KongEntity {
  const decoded = decodeJson(toLuaText(JSON.stringify(fields)))?.value
  if (!(decoded instanceof LuaTable)) throw new TypeError('an entity is a map of JSON values')
  return decoded
}

/**
 * Replaces references by name by references by id.
 * @throws GatewayConfigError for a reference to an entity that does not exist, and for an id or name used twice.
 */
function resolveReferences(entities: readonly DeclaredEntity[], file: string): readonly DeclaredEntity[] {
  const index = new Map<string, DeclaredEntity>()
  for (const entity of entities) {
    for (const key of [...ENTITY_KINDS[entity.kind].keys.map((name) => entity.fields[name]), entity.id]) {
      if (typeof key !== 'string' || entity.kind === 'targets') continue
      const other = index.get(`${entity.kind} ${key}`)
      if (other !== undefined && other !== entity) {
        throw new GatewayConfigError(`${file}: ${entity.path} and ${other.path} are both "${key}"; give each its own name and id`)
      }
      index.set(`${entity.kind} ${key}`, entity)
    }
  }
  return entities.map((entity) => {
    const fields: Record<string, unknown> = { ...entity.fields }
    for (const [name, type] of Object.entries(ENTITY_KINDS[entity.kind].fields)) {
      const target = kindOfReference(name)
      if (type !== 'reference' || fields[name] === undefined || target === undefined) continue
      const key = referenceKey(fields[name])
      const found = index.get(`${target} ${key}`)
      if (found === undefined) {
        const names = entities.filter((other) => other.kind === target).map(nameOf)
        const there = names.length === 0 ? `is no ${name}` : `are ${names.join(', ')}`
        throw new GatewayConfigError(`${file}: ${entity.path}.${name} names "${key}", but this file has no such ${name}; there ${there}`)
      }
      fields[name] = { id: found.id }
    }
    return { ...entity, fields }
  })
}

function kindOfReference(name: string): EntityKindName | undefined {
  const found = Object.entries(PARENT_REFERENCE).find(([, reference]) => reference === name)?.[0]
  return found !== undefined && isEntityKindName(found) ? found : undefined
}

function referenceKey(value: unknown): string {
  if (!isRecord(value)) return String(value)
  return String(value['id'] ?? value['name'] ?? value['username'])
}

function nameOf(entity: DeclaredEntity): string {
  const key = ENTITY_KINDS[entity.kind].keys.map((name) => entity.fields[name]).find((value) => typeof value === 'string')
  return typeof key === 'string' ? key : entity.id
}
