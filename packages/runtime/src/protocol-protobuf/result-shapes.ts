import { PdkBodyError } from '@kong-ts/core'
import { KongTable } from '../protocol/kong-table.js'
import { unwrapValue } from './lua-value.js'
import type { MessageReader } from './message-reader.js'
import type { MessageTypes } from './message-types.js'
import type { Long, MessageName, Messages, ReferenceMessage } from './messages.js'
import { readMultiMap } from './multi-map.js'
import { SpilledBody } from './spilled-body.js'

/** How the message that answers a call becomes its result, in the form in which MsgPack:1 brings it. */
export interface ResultShape {
  readonly message: MessageName
  /** @throws ProtocolError for bytes that are no such message. */
  read(types: MessageTypes, bytes: Buffer): unknown
}

function shape<Name extends MessageName>(
  message: Name,
  convert: (message: Messages[Name]) => unknown,
  nil: () => unknown = () => undefined,
): ResultShape {
  return { message, read: (types, bytes) => (bytes.length === 0 ? nil() : convert(types.decode(message, bytes))) }
}

/** `nil` is what an empty answer means where Kong's function never gives nil: a Kong that leaves zero values out. */
function scalar(message: 'Flag' | 'Whole' | 'Real' | 'Bytes', nil?: boolean | number): ResultShape {
  return shape(
    message,
    ({ v }) => v ?? nil,
    () => nil,
  )
}

/** Read without making the message: the library's way to tell which member is there costs more than the text. */
function text(nil?: string): ResultShape {
  const orNil = (reader: MessageReader): string | undefined => readText(reader) ?? nil
  return { message: 'Text', read: (types, bytes) => (bytes.length === 0 ? nil : types.read('Text', bytes, orNil)) }
}

export const NO_RESULT = shape('Nothing', () => undefined)
export const TEXT = text('')
export const TEXT_OR_NIL = text()
export const WHOLE = scalar('Whole', 0)
export const WHOLE_OR_NIL = scalar('Whole')
export const REAL_OR_NIL = scalar('Real')
export const FLAG = scalar('Flag', false)
export const FLAG_OR_NIL = scalar('Flag')
export const BYTES_OR_NIL = scalar('Bytes')
/** Kong answers with an empty text. */
export const TEXT_THAT_MEANS_NOTHING = shape('Text', () => undefined)
export const ANY = shape('Value', unwrapValue)
export const MULTI_MAP: ResultShape = { message: 'Table', read: (types, bytes) => types.read('Table', bytes, readMultiMap) }
export const REQUEST_BODY = shape('RequestBody', (body) => {
  switch (body.kind) {
    case 'content':
      return body.content ?? undefined
    case 'file':
      return new SpilledBody(body.file ?? '')
    case 'error':
      throw new PdkBodyError(
        `Kong cannot give the request body: ${body.error ?? ''}. Raise nginx_http_client_body_buffer_size in kong.conf`,
      )
    default:
      return undefined
  }
})
export const CAPTURES = shape(
  'Captures',
  ({ unnamed, named }) => {
    const byName = new KongTable()
    for (const { key, value } of named) byName[key] = value
    return { unnamed: [...unnamed], named: byName }
  },
  () => ({ unnamed: [], named: new KongTable() }),
)
export const ROUTE = shape('Route', (route) => entity(route))
export const SERVICE = shape('Service', (service) => entity(service))
export const CONSUMER = shape('Consumer', (consumer) => entity(consumer))
export const CREDENTIAL = shape('Credential', ({ id, consumer_id }) =>
  isEmpty(id) && isEmpty(consumer_id)
    ? undefined
    : { ...(isEmpty(id) ? {} : { id }), ...(isEmpty(consumer_id) ? {} : { consumer: { id: consumer_id } }) },
)
export const MEMORY = shape(
  'Memory',
  ({ lua_shared_dicts: dictionaries, workers_lua_vms: workers }) => {
    const byName = new KongTable()
    for (const name of ['kong', 'kong_db_cache'] as const) {
      const sizes = dictionaries?.[name]
      if (sizes !== undefined && sizes !== null) byName[name] = members(sizes)
    }
    return { lua_shared_dicts: byName, workers_lua_vms: workers.map(members) }
  },
  () => ({ lua_shared_dicts: new KongTable(), workers_lua_vms: [] }),
)

/** An entity with the members that were sent. */
function entity(message: ReferenceMessage): KongTable {
  return members(message)
}

function members(message: object): KongTable {
  const table = new KongTable()
  for (const [name, value] of Object.entries(message) as [string, Member][]) {
    if (value === null) continue
    table[name] =
      typeof value !== 'object'
        ? value
        : Array.isArray(value)
          ? [...(value as readonly string[])]
          : isLong(value)
            ? value.toNumber()
            : members(value)
  }
  return table
}

type Member = string | number | boolean | null | Exclude<Long, number> | readonly string[] | ReferenceMessage

function isLong(value: object): value is Exclude<Long, number> {
  return 'toNumber' in value && typeof value.toNumber === 'function'
}

function isEmpty(text: string | null | undefined): text is '' | null | undefined {
  return text === undefined || text === null || text === ''
}

/** Tag of the only field of Text. */
const TEXT_FIELD = 0x0a

function readText(reader: MessageReader): string | undefined {
  let found: string | undefined
  while (reader.pos < reader.len) {
    const tag = reader.tag()
    if (tag === TEXT_FIELD) found = reader.string()
    else reader.skipField(tag)
  }
  return found
}
