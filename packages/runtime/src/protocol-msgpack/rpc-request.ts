import { KongTable } from '../protocol/kong-table.js'
import { ProtocolError } from '../protocol/protocol-error.js'
import { fixText } from './fix-text.js'
import type { MessageReader } from './message-reader.js'

const REQUEST = 0

/** Texts as Kong writes them, to be compared where they are instead of being read. */
const STEP = fixText('plugin.Step')
const EVENT_ID = fixText('EventId')
const DATA = fixText('Data')
const INSTANCE_ID = fixText('InstanceId')
const EVENT_NAME = fixText('EventName')

/**
 * `[0, id, method, [param]]` as Kong sends it, where `param` is a table for all methods but one. One object takes the messages of all
 * connections in turn: it is valid until the next one is read.
 */
export class RpcRequest {
  id = 0
  /** Normally text. A request parameter named `_method` can make anything of it, so it decides nothing where an EventId is present. */
  method: unknown
  /** Of Step and its variants. */
  eventId: unknown
  data: unknown
  /** Of HandleEvent. */
  instanceId: unknown
  eventName: unknown
  /** What else the table holds. */
  table: KongTable = NOTHING_ELSE
  /** The parameter, where it is no table. */
  scalar: unknown

  /** @throws INCOMPLETE or ProtocolError, as the reader does; then nothing here is of use. */
  read(reader: MessageReader): void {
    const length = reader.readArrayLength()
    if (length !== 4) throw new ProtocolError(`a message of ${length} parts`)
    if (reader.readValue() !== REQUEST) throw new ProtocolError('a message that is no request')
    const id = reader.readValue()
    // Kong counts from 1. Anything else could not be sent back as it came.
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) throw new ProtocolError('a message id that is no whole number')
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
      else {
        if (this.table === NOTHING_ELSE) this.table = new KongTable()
        const key = reader.readKey(2)
        this.table[key] = reader.readValue(2)
      }
    }
  }
}

const NOTHING_ELSE: KongTable = Object.freeze(new KongTable())
