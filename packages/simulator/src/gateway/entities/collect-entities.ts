import { createHash } from 'node:crypto'
import { GatewayConfigError } from '../report/gateway-report.js'
import {
  type DeclaredEntity,
  ENTITY_KINDS,
  type EntityKind,
  type EntityKindName,
  type FieldType,
  isEntityKindName,
  PARENT_REFERENCE,
} from './entity-kinds.js'
import { isRecord, type JsonRecord } from './json-record.js'

/** The default workspace of a Kong without database. */
export const WORKSPACE_ID = '0dc6f45b-8f8d-40d2-a504-473544ee190b'

const FORMAT_VERSIONS = ['1.1', '2.1', '3.0']
const SILENT_KEYS = new Set(['_format_version', '_transform', '_comment', '_ignore', '_info'])

interface CollectedEntities {
  readonly entities: readonly DeclaredEntity[]
  /** One line for each key that this gateway does not know. */
  readonly warnings: readonly string[]
}

/**
 * Collects the entities of a parsed declarative config in one list. Nested entities get a reference to their parent.
 * @param now seconds since 1970, for created_at and updated_at.
 * @throws GatewayConfigError that names the file and the key path.
 */
export function collectEntities(config: unknown, file: string, now: number): CollectedEntities {
  if (!isRecord(config)) throw new GatewayConfigError(`${file}: is not a map of entities; begin with _format_version: "3.0"`)
  const version = config['_format_version']
  if (!FORMAT_VERSIONS.includes(String(version))) {
    throw new GatewayConfigError(`${file}: _format_version is ${JSON.stringify(version) ?? 'missing'}; write _format_version: "3.0"`)
  }
  const collector = new Collector(file, now)
  for (const [key, value] of Object.entries(config)) {
    if (isEntityKindName(key)) collector.list(key, value, key, {})
    else if (!SILENT_KEYS.has(key)) collector.warnings.push(`${file}: ${key} is unknown to this gateway and has no effect`)
  }
  return collector
}

class Collector implements CollectedEntities {
  readonly #file: string
  readonly #now: number
  readonly entities: DeclaredEntity[] = []
  readonly warnings: string[] = []

  constructor(file: string, now: number) {
    this.#file = file
    this.#now = now
  }

  list(kind: EntityKindName, value: unknown, path: string, parent: JsonRecord): void {
    if (value === null || value === undefined) return
    if (!Array.isArray(value)) throw new GatewayConfigError(`${this.#file}: ${path} is not a list; write each entry after a dash`)
    value.forEach((entry: unknown, index) => this.#entity(kind, entry, `${path}[${index}]`, parent))
  }

  #entity(kindName: EntityKindName, entry: unknown, path: string, parent: JsonRecord): void {
    const kind = ENTITY_KINDS[kindName]
    if (!isRecord(entry)) throw new GatewayConfigError(`${this.#file}: ${path} is not a map; write its fields as name: value`)
    const written = kindName === 'services' ? splitUrl(entry, `${this.#file}: ${path}`) : entry
    checkFields(kind, written, `${this.#file}: ${path}`)
    const fields: Record<string, unknown> = { ...kind.defaults }
    for (const [key, value] of Object.entries(written)) {
      if (Object.hasOwn(kind.fields, key)) {
        if (value !== null) fields[key] = value
      } else if (!Object.hasOwn(kind.nested, key))
        this.warnings.push(`${this.#file}: ${path}.${key} is unknown to this gateway and has no effect`)
    }
    const key = kind.keys.map((name) => fields[name]).find((value) => typeof value === 'string')
    const id = typeof fields['id'] === 'string' ? fields['id'] : stableId(`${kindName} ${typeof key === 'string' ? key : path}`)
    const stamps = { created_at: this.#now, updated_at: this.#now, ws_id: WORKSPACE_ID }
    for (const stamp of kind.stamps) fields[stamp] ??= stamps[stamp]
    this.entities.push({ kind: kindName, id, path, fields: { ...fields, id, ...parent } })
    const reference = PARENT_REFERENCE[kindName]
    for (const [nestedKey, nestedKind] of Object.entries(kind.nested)) {
      this.list(nestedKind, entry[nestedKey], `${path}.${nestedKey}`, reference === undefined ? {} : { [reference]: { id } })
    }
  }
}

/** Replaces `url` of a service, Kong's short form, by protocol, host, port and path. */
export function splitUrl(service: JsonRecord, where: string): JsonRecord {
  const { url: text, ...rest } = service
  if (typeof text !== 'string') return service
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^(https?|grpcs?|tcp|tls):$/.test(url.protocol) || url.hostname === '') {
    throw new GatewayConfigError(`${where}.url "${text}" is not the URL of a service; write it as http://host:port/path`)
  }
  const protocol = url.protocol.slice(0, -1)
  const secure = protocol === 'https' || protocol === 'grpcs' || protocol === 'tls'
  return {
    protocol,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    ...(url.pathname === '/' && !text.endsWith('/') ? {} : { path: url.pathname }),
    ...rest,
  }
}

/** A UUID made from a text. The same text gives the same UUID, so that entities of a declarative config keep their ids over reloads. */
export function stableId(text: string): string {
  const hash = createHash('sha1').update(`kong-ts declarative config\n${text}`).digest()
  hash[6] = (hash.readUInt8(6) & 0x0f) | 0x50
  hash[8] = (hash.readUInt8(8) & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

const EXPECTED: Readonly<Record<FieldType, string>> = {
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
  strings: 'a list of texts',
  object: 'a map',
  array: 'a list',
  reference: 'the name or id of an entity',
}

/** @throws GatewayConfigError for a missing field or one of the wrong type. `where`: file and path of the entity, for the message. */
function checkFields(kind: EntityKind, entry: JsonRecord, where: string): void {
  for (const name of kind.required) {
    if (entry[name] === undefined || entry[name] === null) throw new GatewayConfigError(`${where}.${name} is missing; Kong requires it`)
  }
  for (const [name, type] of Object.entries(kind.fields)) {
    const value = entry[name]
    if (value === undefined || value === null) continue
    if (!isOfType(value, type)) throw new GatewayConfigError(`${where}.${name} is ${JSON.stringify(value)}; write ${EXPECTED[type]}`)
    if (name === 'paths') checkPaths(value, `${where}.paths`)
    if (name === 'port' && (Number(value) < 0 || Number(value) > 65535))
      throw new GatewayConfigError(`${where}.port is ${String(value)}; write a number from 0 to 65535`)
  }
}

function isOfType(value: unknown, type: FieldType): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'integer':
      return Number.isInteger(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
    case 'object':
      return isRecord(value)
    case 'array':
      return Array.isArray(value)
    case 'reference':
      return (
        typeof value === 'string' ||
        (isRecord(value) && (typeof value['id'] === 'string' || typeof value['name'] === 'string' || typeof value['username'] === 'string'))
      )
  }
}

function checkPaths(paths: unknown, where: string): void {
  if (!Array.isArray(paths)) return
  paths.forEach((path: unknown, index) => {
    const text = String(path)
    if (text.startsWith('/')) return
    if (!text.startsWith('~'))
      throw new GatewayConfigError(`${where}[${index}] is "${text}"; a path begins with / and a regular expression with ~/`)
  })
}
