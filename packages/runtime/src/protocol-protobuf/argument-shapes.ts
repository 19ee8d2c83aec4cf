import { PdkArgumentError } from '@kong-ts/core'
import type { FrameWriter } from './frame-writer.js'
import { bytesAsText, wrapList, wrapTable, wrapValue, type Refuse } from './lua-value.js'
import type { MessageTypes } from './message-types.js'
import type { ConsumerMessage, CredentialMessage, MessageName, Messages, ValueMessage } from './messages.js'

/** How the arguments of a call become its message. */
export interface ArgumentShape {
  readonly message: MessageName
  /** @throws PdkArgumentError for arguments that the message cannot hold. */
  write(types: MessageTypes, writer: FrameWriter, method: string, args: readonly unknown[]): void
}

type Args = readonly unknown[]
/** Makes the refusal of an argument that Kong calls by a name. */
type RefuseArgument = (argument: string) => Refuse

function shape<Name extends MessageName>(message: Name, build: (args: Args, refuse: RefuseArgument) => Messages[Name]): ArgumentShape {
  return {
    message,
    write(types, writer, method, args) {
      const refuse: RefuseArgument = (argument) => (rule) => {
        throw new PdkArgumentError(method, argument, rule)
      }
      types.encode(message, build(args, refuse), writer)
    },
  }
}

export const NO_ARGUMENTS = shape('Nothing', () => ({}))
export const FLAG = shape('Flag', ([flag]) => ({ v: flag === true }))
export const STATUS = shape('Whole', ([status], refuse) => ({ v: whole(status, refuse('status')) }))
/** Kong raises on the 0 that an absent maximum would be, so that its default is said. */
export const MAXIMUM = shape('Whole', ([maximum], refuse) => ({ v: isNil(maximum) ? 100 : whole(maximum, refuse('max')) }))
export const TARGET = shape('Target', ([host, port], refuse) => ({ host: text(host, refuse('host')), port: whole(port, refuse('port')) }))
export const BODY = shape('Bytes', ([body], refuse) => ({ v: bytes(body, refuse('body')) }))
export const LOG_PARTS = shape('List', (parts, refuse) => wrapList(parts.map(logPart), refuse('message')))
export const QUERY = shape('Table', ([args], refuse) => wrapTable(withoutFalse(table(args, refuse('args'))), refuse('args')))
export const HEADERS = shape('Table', ([headers], refuse) => headerTable(headers, refuse('headers')))
export const CONSUMER_QUESTION = shape('ConsumerQuestion', ([id, byUsername], refuse) => ({
  id: text(id, refuse('consumer_id')),
  by_username: byUsername === true,
}))
export const EXIT = shape('Exit', ([status, body, headers], refuse) => ({
  status: whole(status, refuse('status')),
  ...(isNil(body) ? {} : { body: bytes(body, refuse('body')) }),
  ...(isNil(headers) ? {} : { headers: headerTable(headers, refuse('headers')) }),
}))
export const AUTHENTICATION = shape('Authentication', ([consumer, credential], refuse) => ({
  ...(isNil(consumer) ? {} : { consumer: consumerOf(table(consumer, refuse('consumer')), refuse('consumer')) }),
  ...(isNil(credential) ? {} : { credential: credentialOf(table(credential, refuse('credential')), refuse('credential')) }),
}))

/** @param argument Kong's name of the argument. */
export function oneText(argument: string): ArgumentShape {
  return shape('Text', ([value], refuse) => ({ v: text(value, refuse(argument)) }))
}

/** A key and a value of any kind, to be kept by Kong. */
export const STORED = shape('Pair', ([key, value], refuse) => ({ k: text(key, refuse('k')), v: wrapValue(value, refuse('v')) }))
export const HEADER = shape('Pair', ([name, value], refuse) => ({
  k: text(name, refuse('header')),
  v: headerValue(value, refuse('value')),
}))
/** The message has no place for the mode. */
export const SERIALIZED = shape('Pair', ([key, value, options], refuse) => {
  const mode: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'mode') : undefined
  if (!isNil(mode) && mode !== 'set')
    refuse('options')('must have the mode set over ProtoBuf:1, which cannot carry another: leave it out, or use MsgPack:1')
  return { k: text(key, refuse('key')), v: wrapValue(value, refuse('value')) }
})

function isNil(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

function text(value: unknown, refuse: Refuse): string {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? bytesAsText(value) : refuse('must be a string over ProtoBuf:1')
}

function whole(value: unknown, refuse: Refuse): number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31
    ? value
    : refuse('must be a whole number of 32 bits over ProtoBuf:1')
}

function bytes(value: unknown, refuse: Refuse): Uint8Array {
  if (value instanceof Uint8Array) return value
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : refuse('must be text or bytes over ProtoBuf:1: write tables as JSON')
}

function table(value: unknown, refuse: Refuse): object {
  return typeof value === 'object' && value !== null ? value : refuse('must be an object')
}

/** Kong makes text of booleans in headers; false would not reach it. */
function headerValue(value: unknown, refuse: Refuse): ValueMessage {
  return wrapValue(typeof value === 'boolean' ? String(value) : value, refuse)
}

function headerTable(headers: unknown, refuse: Refuse): Messages['Table'] {
  const members = entriesOf(table(headers, refuse)).map(([key, value]) => ({ key: String(key), value: headerValue(value, refuse) }))
  return { members }
}

/** A query argument that is false is no argument. */
function withoutFalse(args: object): Map<unknown, unknown> {
  return new Map(
    entriesOf(args)
      .map(([key, value]) => [key, Array.isArray(value) ? value.filter((element) => element !== false) : value] as const)
      .filter(([, value]) => value !== false),
  )
}

function entriesOf(value: object): readonly (readonly [unknown, unknown])[] {
  const entries: readonly (readonly [unknown, unknown])[] = value instanceof Map ? [...value] : Object.entries(value)
  return entries.filter(([, member]) => !isNil(member))
}

/** What Kong's `tostring` makes of a value that the message cannot tell from nil. */
function logPart(part: unknown): unknown {
  return isNil(part) ? 'nil' : typeof part === 'boolean' ? String(part) : part
}

function consumerOf(consumer: object, refuse: Refuse): ConsumerMessage {
  const { id, username, custom_id, created_at, tags } = Object.assign(Object.create(null) as Record<string, unknown>, consumer)
  return {
    ...(isNil(id) ? {} : { id: text(id, refuse) }),
    ...(isNil(username) ? {} : { username: text(username, refuse) }),
    ...(isNil(custom_id) ? {} : { custom_id: text(custom_id, refuse) }),
    ...(typeof created_at === 'number' ? { created_at } : {}),
    tags: Array.isArray(tags) ? tags.map((tag) => text(tag, refuse)) : [],
  }
}

function credentialOf(credential: object, refuse: Refuse): CredentialMessage {
  const { id, consumer, consumer_id } = Object.assign(Object.create(null) as Record<string, unknown>, credential)
  const owner: unknown = typeof consumer === 'object' && consumer !== null ? Reflect.get(consumer, 'id') : consumer_id
  return {
    ...(isNil(id) ? {} : { id: text(id, refuse) }),
    ...(isNil(owner) ? {} : { consumer_id: text(owner, refuse) }),
  }
}
