import { isRecord, normaliseCall } from '../../model/corpus/normalise.js'
import type { CallRecord } from '../../model/corpus/corpus-case.js'
import type { Turn } from './session-recording.js'
import type { PlayedTurn } from './session-player.js'

interface EventDigest {
  readonly event: string
  readonly calls: CallRecord[]
}

/** Replaces the ports of a machine by the corpus's. */
export interface PortNames {
  recorded<Value>(value: Value): Value
}

/** What happened in one step, in a form in which a recording and a replay compare. */
export interface StepDigest {
  /** Configs of instances started, without the counter that every reload raises. */
  readonly started: readonly unknown[]
  readonly closed: readonly string[]
  readonly events: readonly EventDigest[]
  /** Ids of Kong's messages, which count per worker. */
  readonly ids: readonly number[]
}

export function recordedDigest(turns: readonly Turn[], ports: PortNames): StepDigest {
  return digest(
    turns.map((recorded) => ({ kong: recorded.kong, recorded })),
    ports,
  )
}

/** Calls and answers by event; what Kong never said stands as a call of its own. */
export function digest(turns: readonly PlayedTurn[], ports: PortNames): StepDigest {
  const events: EventDigest[] = []
  const open = new Map<string, EventDigest>()
  for (const { kong, recorded } of turns) {
    if (kong.kind !== 'event' && kong.kind !== 'step') continue
    const eventId = kong.kind === 'event' ? recorded?.reaction.said.event : kong.about
    const key = `${recorded?.plugin} ${eventId || recorded?.connection}`
    const event = (kong.kind === 'step' ? open.get(key) : undefined) ?? { event: kong.about, calls: [] }
    if (kong.kind === 'event' || !open.has(key)) events.push(event)
    open.set(key, event)
    const asked = kong.kind === 'step' ? event.calls.pop() : undefined
    if (asked !== undefined)
      event.calls.push(normaliseCall({ ...asked, outcome: 'answered', step: kong.step, value: ports.recorded(unpacked(kong.value)) }))
    const call = recorded?.reaction.said.call
    const phase = event.event.split(' ', 1)[0] ?? ''
    if (call !== undefined) event.calls.push({ phase, method: call.method, args: ports.recorded(call.args ?? null), outcome: 'unanswered' })
  }
  const all = turns.map(({ kong }) => kong)
  return {
    started: all.filter(({ kind }) => kind === 'start').map(({ config }) => withoutCounter(config)),
    closed: all.filter(({ kind }) => kind === 'close').map(({ about }) => about),
    events,
    ids: all.flatMap(({ id }) => (id === undefined ? [] : [id])),
  }
}

function withoutCounter(config: unknown): unknown {
  return isRecord(config) ? { ...config, __seq__: typeof config['__seq__'] } : config
}

/** A body that is text, as text: ports and ids stand in it. */
function unpacked(value: unknown): unknown {
  if (!isRecord(value) || typeof value['$bin'] !== 'string') return value
  const bytes = Buffer.from(value['$bin'], 'base64')
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? { $text: text } : value
}
