import type { MessageReader } from './message-reader.js'

/** Tags of the fields of Command and HandleEvent: the field number, and how the field is written. */
const SEQUENCE = 0x08
const HANDLE_EVENT = 0x122
const INSTANCE_ID = 0x08
const EVENT_NAME = 0x12

/** Kong's command to handle an event. */
export interface EventCommand {
  readonly sequence: number
  readonly instanceId: number
  readonly eventName: string
}

/**
 * Reads a Command without making its messages: nearly all that Kong sends are events, one each.
 *
 * @returns `undefined` for every other command, and for one that only the library understands.
 */
export function readEventCommand(reader: MessageReader): EventCommand | undefined {
  let sequence: number | undefined = 0
  let instanceId: number | undefined
  let eventName = ''
  while (reader.pos < reader.len) {
    const tag = reader.tag()
    if (tag === SEQUENCE) sequence = reader.count()
    else if (tag === HANDLE_EVENT) {
      const end = reader.endOfField()
      instanceId = 0
      while (reader.pos < end) {
        const inner = reader.tag()
        if (inner === INSTANCE_ID) instanceId = reader.int32()
        else if (inner === EVENT_NAME) eventName = reader.key()
        else reader.skipField(inner)
      }
    } else return undefined
    if (sequence === undefined) return undefined
  }
  return instanceId === undefined ? undefined : { sequence, instanceId, eventName }
}
