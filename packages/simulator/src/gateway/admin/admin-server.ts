import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { KONG_VERSION } from '../../model/index.js'
import { isRecord, type JsonRecord } from '../entities/json-record.js'
import { parseYamlConfig } from '../entities/load-declarative-config.js'
import { closeHttpServer, listenOn, portOf } from '../net/listen-on.js'
import { GatewayConfigError } from '../report/gateway-report.js'
import type { ListenAddress } from '../settings/kong-settings.js'
import { createDeclarativeConfig } from '../entities/declarative-config.js'
import type { DeclaredEntity } from '../entities/entity-kinds.js'
import type { ServedPlugin } from '../plugin-server/plugin-info.js'
import type { ProxyServer } from '../proxy/proxy-server.js'

/** What the Admin API shows and changes. */
interface AdminSubject {
  /** Uses a parsed declarative config. @throws GatewayConfigError, and then keeps the old one. */
  useConfig(document: unknown): void
  /** The answer to `GET /`. */
  information(): unknown
  /** The answer to `GET /status`. */
  status(): unknown
  /** The entities by kind and id, as in the answer to `POST /config`. */
  entities(): ReadonlyMap<string, ReadonlyMap<string, unknown>>
}

interface AdminAnswer {
  readonly status: number
  readonly body: unknown
}

/** Code of Kong's database errors for a declarative config that it refuses. */
const INVALID_DECLARATIVE_CONFIG = 14

/** The part of the Admin API that tests use on a Kong without database: `POST /config`, `GET /status`, `GET /`, reading entities. */
export class AdminServer {
  readonly #server: Server
  readonly #subject: AdminSubject

  private constructor(server: Server, subject: AdminSubject) {
    this.#server = server
    this.#subject = subject
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response))
  }

  /** @throws GatewayStartError that names the port, when it cannot be bound. */
  static async listen(address: ListenAddress, subject: AdminSubject): Promise<AdminServer> {
    const admin = new AdminServer(createServer(), subject)
    await listenOn(admin.#server, address)
    return admin
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`
  }

  close(): Promise<void> {
    return closeHttpServer(this.#server)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.#answer(request).catch((error: unknown) => ({
      status: 500,
      body: { message: 'An unexpected error occurred', error: error instanceof Error ? error.message : String(error) },
    }))
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', Server: `kong/${KONG_VERSION}` })
    response.end(JSON.stringify(body))
  }

  async #answer(request: IncomingMessage): Promise<AdminAnswer> {
    const [, resource = '', key, ...rest] = new URL(request.url ?? '/', 'http://admin').pathname
      .replace(/\/+$/, '')
      .split('/')
      .map(decodeURIComponent)
    if (request.method === 'POST' && resource === 'config' && key === undefined) return this.#postConfig(request)
    const kinds = this.#subject.entities()
    if (request.method !== 'GET') {
      return kinds.has(resource)
        ? { status: 405, body: { message: `cannot create, update or delete '${resource}' entities when not using a database` } }
        : { status: 405, body: { message: 'Method not allowed' } }
    }
    if (resource === '') return { status: 200, body: this.#subject.information() }
    if (resource === 'status' && key === undefined) return { status: 200, body: this.#subject.status() }
    const entities = kinds.get(resource)
    if (entities === undefined || rest.length > 0) return { status: 404, body: { message: 'Not found' } }
    if (key === undefined) return { status: 200, body: { data: [...entities.values()], next: null } }
    const found = entities.get(key) ?? [...entities.values()].find((entity) => isNamed(entity, key))
    return found === undefined ? { status: 404, body: { message: 'Not found' } } : { status: 200, body: found }
  }

  async #postConfig(request: IncomingMessage): Promise<AdminAnswer> {
    try {
      this.#subject.useConfig(await readConfigBody(request))
    } catch (error) {
      if (!(error instanceof GatewayConfigError)) throw error
      const message = `declarative config is invalid: ${error.message}`
      return { status: 400, body: { name: 'invalid declarative configuration', code: INVALID_DECLARATIVE_CONFIG, message, fields: {} } }
    }
    return {
      status: 201,
      body: Object.fromEntries([...this.#subject.entities()].map(([kind, entities]) => [kind, Object.fromEntries(entities)])),
    }
  }
}

function isNamed(entity: unknown, key: string): boolean {
  if (typeof entity !== 'object' || entity === null) return false
  return ('name' in entity && entity.name === key) || ('username' in entity && entity.username === key)
}

const LARGEST_CONFIG_BYTES = 64 * 1024 * 1024

/**
 * Reads the declarative config of a `POST /config`: the body is the config as JSON or YAML, or has it as text in a member or form field
 * `config`.
 * @throws GatewayConfigError for a body that is neither.
 */
async function readConfigBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readAll(request)
  const type = request.headers['content-type'] ?? 'application/json'
  if (/^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type)) return parse(await configField(bytes, type))
  const document = parse(bytes.toString('utf8'))
  return isRecord(document) && typeof document['config'] === 'string' && document['_format_version'] === undefined
    ? parse(document['config'])
    : document
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > LARGEST_CONFIG_BYTES) throw new GatewayConfigError('POST /config: more than 64 MiB; send a smaller config')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

async function configField(bytes: Buffer, type: string): Promise<string> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData().catch(() => undefined)
  const field = form?.get('config')
  if (field === undefined || field === null)
    throw new GatewayConfigError('POST /config: the form has no field "config"; send the declarative config in it')
  return typeof field === 'string' ? field : field.text()
}

function parse(text: string): unknown {
  return parseYamlConfig(text, 'POST /config')
}

/** What the Admin API shows and changes of a running proxy. */
export function createAdminSubject(proxy: ProxyServer, served: () => ReadonlyMap<string, ServedPlugin>, nodeId: string): AdminSubject {
  return {
    useConfig(document) {
      if (!isRecord(document)) throw new GatewayConfigError('POST /config: is not a map of entities; begin with _format_version: "3.0"')
      proxy.use(createDeclarativeConfig(document, 'POST /config', Math.floor(Date.now() / 1000)))
    },
    information: () => ({
      version: KONG_VERSION,
      tagline: 'Welcome to kong',
      hostname: hostname(),
      node_id: nodeId,
      plugins: {
        available_on_server: Object.fromEntries(
          [...served().values()].map(({ info }) => [info.name, { version: info.version, priority: info.priority }]),
        ),
        enabled_in_cluster: [
          ...new Set(proxy.entities.filter(({ kind }) => kind === 'plugins').map(({ fields }) => String(fields['name']))),
        ],
      },
      configuration: { database: 'off', role: 'traditional' },
    }),
    status: () => ({
      database: { reachable: true },
      configuration_hash: createHash('md5')
        .update(JSON.stringify(proxy.entities.map(({ kind, fields }) => [kind, withoutTimes(fields)])))
        .digest('hex'),
      server: { connections_active: proxy.connectionCount, total_requests: proxy.requestCount },
    }),
    entities: () => byKind(proxy.entities),
  }
}

function byKind(entities: readonly DeclaredEntity[]): ReadonlyMap<string, ReadonlyMap<string, JsonRecord>> {
  const kinds = new Map<string, Map<string, JsonRecord>>(
    ['services', 'routes', 'plugins', 'consumers', 'upstreams'].map((kind) => [kind, new Map()]),
  )
  for (const { kind, id, fields } of entities) {
    const list = kinds.get(kind) ?? new Map<string, JsonRecord>()
    kinds.set(kind, list.set(id, fields))
  }
  return kinds
}

function withoutTimes({ created_at: _created, updated_at: _updated, ...rest }: JsonRecord): JsonRecord {
  return rest
}
