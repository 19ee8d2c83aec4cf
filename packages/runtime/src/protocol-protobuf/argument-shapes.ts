import { encodeEscapedText, hasLoneSurrogates } from '../wire/text-codec.js'
import type { FrameWriter } from './frame-writer.js'
import type { MessageCodec } from './message-codec.js'
import type { ConsumerMessage, CredentialMessage, MessageName, Messages, TableMessage, ValueMessage } from './message-definitions.js'
import { bytesAsText, wrapList, wrapTable, wrapValue, type Refuse } from './value-message.js'

/** How the arguments of a call become its message. */
export interface ArgumentShape {
  readonly message: MessageName
  /** @param refuse is called for arguments that the message cannot hold. */
  write(codec: MessageCodec, writer: FrameWriter, args: readonly unknown[], refuse: Refuse): void
}

type Args = readonly unknown[]

function shape<Name extends MessageName>(message: Name, build: (args: Args, refuse: Refuse) => Messages[Name]): ArgumentShape {
  return { message, write: (codec, writer, args, refuse) => codec.encode(message, build(args, refuse), writer) }
}

/** A message without fields has no bytes. */
export const NO_ARGUMENTS: ArgumentShape = { message: 'Nothing', write: () => undefined }
export const FLAG = shape('Flag', ([flag]) => ({ v: flag === true }))
export const STATUS = shape('Whole', ([status], refuse) => ({ v: whole(status, 'status', refuse) }))
/** Sends Kong's default when there is no maximum: Kong would read an absent one as 0 and raise. */
export const MAXIMUM = shape('Whole', ([maximum], refuse) => ({ v: isNil(maximum) ? 100 : whole(maximum, 'max', refuse) }))
export const TARGET = shape('Target', ([host, port], refuse) => ({ host: text(host, 'host', refuse), port: whole(port, 'port', refuse) }))
export const BODY = shape('Bytes', ([body], refuse) => ({ v: bytes(body, 'body', refuse) }))
export const LOG_PARTS = shape('List', (parts, refuse) => wrapList(parts.map(logPart), 'message', refuse))
export const QUERY = shape('Table', ([args], refuse) => wrapTable(withoutFalse(table(args, 'args', refuse)), 'args', refuse))
export const HEADERS = shape('Table', ([headers], refuse) => headerTable(headers, 'headers', refuse))
export const CONSUMER_QUESTION = shape('ConsumerQuestion', ([id, byUsername], refuse) => ({
  id: text(id, 'consumer_id', refuse),
  by_username: byUsername === true,
}))
export const EXIT = shape('Exit', ([status, body, headers], refuse) => ({
  status: whole(status, 'status', refuse),
  ...(isNil(body) ? {} : { body: bytes(body, 'body', refuse) }),
  ...(isNil(headers) ? {} : { headers: headerTable(headers, 'headers', refuse) }),
}))
export const AUTHENTICATION = shape('Authentication', ([consumer, credential], refuse) => ({
  ...(isNil(consumer) ? {} : { consumer: consumerOf(table(consumer, 'consumer', refuse), 'consumer', refuse) }),
  ...(isNil(credential) ? {} : { credential: credentialOf(table(credential, 'credential', refuse), 'credential', refuse) }),
}))

/** @param argument Kong's name of the argument. */
export function oneText(argument: string): ArgumentShape {
  return shape('Text', ([value], refuse) => ({ v: text(value, argument, refuse) }))
}

/** A key and a value of any kind, which Kong stores. */
export const STORED = shape('Pair', ([key, value], refuse) => ({ k: text(key, 'k', refuse), v: wrapValue(value, 'v', refuse) }))
export const HEADER = shape('Pair', ([name, value], refuse) => ({
  k: text(name, 'header', refuse),
  v: headerValue(value, 'value', refuse),
}))
/** The message has no field for the mode. */
export const SERIALIZED = shape('Pair', ([key, value, options], refuse) => {
  const mode: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'mode') : undefined
  if (!isNil(mode) && mode !== 'set')
    refuse('options', 'must have the mode set over ProtoBuf:1, which cannot carry another: leave it out, or use MsgPack:1')
  return { k: text(key, 'key', refuse), v: wrapValue(value, 'value', refuse) }
})

function isNil(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

function text(value: unknown, argument: string, refuse: Refuse): string {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? bytesAsText(value) : refuse(argument, 'must be a string over ProtoBuf:1')
}

function whole(value: unknown, argument: string, refuse: Refuse): number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31
    ? value
    : refuse(argument, 'must be a whole number of 32 bits over ProtoBuf:1')
}

function bytes(value: unknown, argument: string, refuse: Refuse): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value !== 'string') return refuse(argument, 'must be text or bytes over ProtoBuf:1: write tables as JSON')
  return hasLoneSurrogates(value) ? encodeEscapedText(value) : Buffer.from(value, 'utf8')
}

function table(value: unknown, argument: string, refuse: Refuse): object {
  return typeof value === 'object' && value !== null ? value : refuse(argument, 'must be an object')
}

/** Kong turns booleans in headers into text. It is done here, because false would not reach Kong. */
function headerValue(value: unknown, argument: string, refuse: Refuse): ValueMessage {
  return wrapValue(typeof value === 'boolean' ? String(value) : value, argument, refuse)
}

function headerTable(headers: unknown, argument: string, refuse: Refuse): TableMessage {
  const members = entriesOf(table(headers, argument, refuse)).map(([key, value]) => ({
    key: String(key),
    value: headerValue(value, argument, refuse),
  }))
  return { members }
}

/** Kong leaves out a query argument that is false. It is done here, because false would not reach Kong. */
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

/** Does what Kong's `tostring` does with values that the message cannot tell from nil. */
function logPart(part: unknown): unknown {
  return isNil(part) ? 'nil' : typeof part === 'boolean' ? String(part) : part
}

function consumerOf(consumer: object, argument: string, refuse: Refuse): ConsumerMessage {
  const { id, username, custom_id, created_at, tags } = Object.assign(Object.create(null) as Record<string, unknown>, consumer)
  return {
    ...(isNil(id) ? {} : { id: text(id, argument, refuse) }),
    ...(isNil(username) ? {} : { username: text(username, argument, refuse) }),
    ...(isNil(custom_id) ? {} : { custom_id: text(custom_id, argument, refuse) }),
    ...(typeof created_at === 'number' ? { created_at } : {}),
    tags: Array.isArray(tags) ? tags.map((tag) => text(tag, argument, refuse)) : [],
  }
}

function credentialOf(credential: object, argument: string, refuse: Refuse): CredentialMessage {
  const { id, consumer, consumer_id } = Object.assign(Object.create(null) as Record<string, unknown>, credential)
  const owner: unknown = typeof consumer === 'object' && consumer !== null ? Reflect.get(consumer, 'id') : consumer_id
  return {
    ...(isNil(id) ? {} : { id: text(id, argument, refuse) }),
    ...(isNil(owner) ? {} : { consumer_id: text(owner, argument, refuse) }),
  }
}
