import { PdkBodyError } from '@kong-ts/core'
import { KongTable } from '../wire/lua-table.js'
import type { MessageCodec, OneFieldMessage } from './message-codec.js'
import type { MessageName, Messages } from './message-definitions.js'
import { SpilledBody } from './spilled-body.js'
import { readMultiMap, unwrapValue } from './value-message.js'

/** How the message that answers a call becomes its result. Results have the form in which MsgPack:1 brings them. */
export interface ResultShape {
  readonly message: MessageName
  /** @throws ProtocolError when the bytes are not such a message. */
  read(codec: MessageCodec, bytes: Buffer): unknown
}

function shape<Name extends MessageName>(
  message: Name,
  convert: (message: Messages[Name]) => unknown,
  nil: () => unknown = () => undefined,
): ResultShape {
  return { message, read: (codec, bytes) => (bytes.length === 0 ? nil() : convert(codec.decode(message, bytes))) }
}

/** @param nil the result of an empty answer. Some versions of Kong leave out zero values, which functions that never give nil must get back. */
function scalar(message: OneFieldMessage, nil?: boolean | number | string): ResultShape {
  return { message, read: (codec, bytes) => (bytes.length === 0 ? nil : (codec.decodeOnlyField(message, bytes) ?? nil)) }
}

export const NO_RESULT = shape('Nothing', () => undefined)
export const TEXT = scalar('Text', '')
export const TEXT_OR_NIL = scalar('Text')
export const WHOLE = scalar('Whole', 0)
export const WHOLE_OR_NIL = scalar('Whole')
export const REAL_OR_NIL = scalar('Real')
export const FLAG = scalar('Flag', false)
export const FLAG_OR_NIL = scalar('Flag')
export const BYTES_OR_NIL = scalar('Bytes')
/** Kong answers with an empty text, which means nothing. */
export const IGNORED_TEXT = shape('Text', () => undefined)
export const ANY = shape('Value', unwrapValue)
export const MULTI_MAP: ResultShape = { message: 'Table', read: (codec, bytes) => codec.read('Table', bytes, readMultiMap) }
export const REQUEST_BODY = shape('RequestBody', ({ content, file, error }) => {
  if (error !== undefined)
    throw new PdkBodyError(`Kong cannot give the request body: ${error}. Raise nginx_http_client_body_buffer_size in kong.conf`)
  return file === undefined ? content : new SpilledBody(file)
})
export const CAPTURES = shape(
  'Captures',
  ({ unnamed = [], named = [] }) => {
    const byName = new KongTable()
    for (const { key, value } of named) byName[key] = value
    return { unnamed, named: byName }
  },
  () => ({ unnamed: [], named: new KongTable() }),
)
export const ROUTE = shape('Route', members)
export const SERVICE = shape('Service', members)
export const CONSUMER = shape('Consumer', members)
export const CREDENTIAL = shape('Credential', ({ id = '', consumer_id: owner = '' }) =>
  id === '' && owner === '' ? undefined : { ...(id === '' ? {} : { id }), ...(owner === '' ? {} : { consumer: { id: owner } }) },
)
export const MEMORY = shape(
  'Memory',
  ({ lua_shared_dicts: dictionaries = {}, workers_lua_vms: workers = [] }) => ({
    lua_shared_dicts: members(dictionaries),
    workers_lua_vms: workers.map(members),
  }),
  () => ({ lua_shared_dicts: new KongTable(), workers_lua_vms: [] }),
)

/** A table of the fields that were sent. */
function members(message: object): KongTable {
  const table = new KongTable()
  for (const [name, value] of Object.entries(message) as [string, Member][]) {
    if (typeof value === 'bigint') table[name] = Number(value)
    else table[name] = typeof value === 'object' && !Array.isArray(value) ? members(value) : value
  }
  return table
}

type Member = string | number | bigint | boolean | readonly string[] | object
