import { ProtocolError } from '../errors/server-errors.js'
import { KongTable } from '../wire/lua-table.js'
import type { MessageReader } from './message-reader.js'
import { fixText } from './message-writer.js'

const REQUEST = 0

/** Texts as Kong writes them. They are compared in place, which is faster than reading them. */
const STEP = fixText('plugin.Step')
const EVENT_ID = fixText('EventId')
const DATA = fixText('Data')
const INSTANCE_ID = fixText('InstanceId')
const EVENT_NAME = fixText('EventName')

/**
 * A request of Kong's: `[0, id, method, [param]]`. `param` is a table for all methods but one. One object reads the requests of all connections
 * in turn, so its content is valid until the next one is read.
 */
export class RpcRequest {
  id = 0
  /** Normally text. A client's parameter `_method` can change it to anything, so it is not used when there is an EventId. */
  method: unknown
  /** Of Step and its variants. */
  eventId: unknown
  data: unknown
  /** Of HandleEvent. */
  instanceId: unknown
  eventName: unknown
  /** All other members of the table. */
  table: KongTable = NOTHING_ELSE
  /** The parameter, when it is not a table. */
  scalar: unknown

  /** @throws INCOMPLETE or ProtocolError, as the reader does. The content is not valid then. */
  read(reader: MessageReader): void {
    const length = reader.readArrayLength()
    if (length !== 4) throw new ProtocolError(`a message of ${length} parts`)
    if (reader.readValue() !== REQUEST) throw new ProtocolError('a message that is not a request')
    const id = reader.readValue()
    // Kong counts from 1. Anything else could not be sent back as it came.
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) throw new ProtocolError('a message id that is not a whole number')
    this.id = id
    this.method = reader.skipText(STEP) ? 'plugin.Step' : reader.readName()
    this.#readParams(reader)
  }

  #readParams(reader: MessageReader): void {
    this.eventId = this.data = this.instanceId = this.eventName = this.scalar = undefined
    this.table = NOTHING_ELSE
    if (!reader.atArray) {
      reader.readValue()
      return
    }
    const count = reader.readArrayLength()
    if (count === 0) return
    if (reader.atTable) this.#readTable(reader)
    else this.scalar = reader.readValue(1)
    for (let index = 1; index < count; index++) reader.readValue(1)
  }

  #readTable(reader: MessageReader): void {
    const count = reader.readTableLength(1)
    for (let index = 0; index < count; index++) {
      if (reader.skipText(EVENT_ID)) this.eventId = reader.readValue(2)
      else if (reader.skipText(DATA)) this.data = reader.readValue(2)
      else if (reader.skipText(INSTANCE_ID)) this.instanceId = reader.readValue(2)
      else if (reader.skipText(EVENT_NAME)) this.eventName = reader.readName()
      else this.#readMember(reader, reader.readKey(2))
    }
  }

  /** Reads any other member, or one whose key another client than Kong has written in a longer form of MessagePack. */
  #readMember(reader: MessageReader, key: string): void {
    const value = reader.readValue(2)
    switch (key) {
      case 'EventId':
        this.eventId = value
        break
      case 'Data':
        this.data = value
        break
      case 'InstanceId':
        this.instanceId = value
        break
      case 'EventName':
        this.eventName = value
        break
      default:
        if (this.table === NOTHING_ELSE) this.table = new KongTable()
        this.table[key] = value
    }
  }
}

const NOTHING_ELSE: KongTable = Object.freeze(new KongTable())
