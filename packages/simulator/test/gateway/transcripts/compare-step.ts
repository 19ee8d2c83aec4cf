import { compare, type Difference } from '../../model/corpus/compare.js'
import { isRecord } from '../../model/corpus/normalise.js'
import type { PortMap } from '../corpus/port-map.js'
import { comparableResponse } from './recorded-responses.js'
import { digest, recordedDigest, type StepDigest } from './session-digest.js'
import type { RecordedStep } from './session-recording.js'
import type { PlayedTurn } from './session-player.js'

/** Where a replay differs from its recording for a reason. */
export interface KnownDifference {
  readonly note: RegExp
  /** Beginning of the path, as the comparison prints it. */
  readonly path: string
  readonly reason: string
}

export interface PlayedStep {
  readonly said: readonly PlayedTurn[]
  /** What the clients got, in the order of the requests. */
  readonly clients: readonly Readonly<Record<string, unknown>>[]
}

export interface ComparisonOptions {
  readonly recorded: PortMap
  readonly here: PortMap
  /** Requests overlapped, so that events and ids have no order. */
  readonly unordered: boolean
  readonly known: readonly KnownDifference[]
  /** Gets those that were met. */
  readonly met: Set<KnownDifference>
}

/** Values that tell of the machine. */
const VARYING = new Set(['kong.node.get_memory_stats', 'kong.client.get_forwarded_port', 'kong.client.get_port'])

/** What differs, one line each. */
export function compareStep(step: RecordedStep, played: PlayedStep, options: ComparisonOptions): string[] {
  const inText = { recorded: <Value>(value: Value): Value => options.recorded.here(options.here.recorded(value)) }
  const expected = ordered(recordedDigest(step.turns, inText), options)
  const got = ordered(digest(played.said, inText), options)
  return [...compareDigests(expected, got), ...compareResponses(step, played, inText.recorded)]
    .filter(({ path }) => {
      const known = options.known.filter((each) => each.note.test(step.note) && path.startsWith(each.path))
      for (const each of known) options.met.add(each)
      return known.length === 0
    })
    .map((difference) => `${step.note}: ${JSON.stringify(difference).slice(0, 500)}`)
}

function ordered(step: StepDigest, { unordered }: ComparisonOptions): StepDigest {
  if (!unordered) return step
  const events = [...step.events].sort((left, right) => (JSON.stringify(left.calls) < JSON.stringify(right.calls) ? -1 : 1))
  return { ...step, events, ids: [] }
}

function compareDigests(expected: StepDigest, got: StepDigest): Difference[] {
  const { events, ...rest } = expected
  const { events: gotEvents, ...gotRest } = got
  const calls = events.flatMap((event, index) =>
    event.calls.flatMap((call, at) => {
      const other = gotEvents[index]?.calls[at]
      const blind = VARYING.has(call.method) ? { value: null } : {}
      return compare(plain({ ...call, ...blind }), plain(other && { ...other, ...blind }), call.method)
    }),
  )
  const shape = (list: StepDigest['events']): unknown => list.map((each) => ({ event: each.event, calls: each.calls.length }))
  return [...compare(plain(rest), plain(gotRest), 'instances'), ...compare(shape(events), shape(gotEvents), 'events'), ...calls]
}

function compareResponses(step: RecordedStep, { clients }: PlayedStep, inText: <Value>(value: Value) => Value): Difference[] {
  return step.responses.flatMap((response, index) => {
    const client = clients[index] ?? {}
    const names = new Set(response.headers.map(([name]) => name.toLowerCase()))
    const headers = pairs(client['headers']).filter(([name]) => response.body !== undefined || names.has(name.toLowerCase()))
    // A body that is no text was not kept as it was.
    const body = response.body === undefined || response.body.includes('\uFFFD') ? undefined : response.body
    const got = body === undefined ? undefined : typeof client['body'] === 'string' ? client['body'] : JSON.stringify(client['body'])
    return compare(
      comparableResponse(response.status, inText(response.headers), inText(body)),
      plain(comparableResponse(client['status'], inText(headers), inText(got))),
      'response',
    )
  })
}

function pairs(headers: unknown): (readonly [string, string])[] {
  return Array.isArray(headers) ? headers.map(([name, value]) => [String(name), String(value)] as const) : []
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : isRecord(value) || Array.isArray(value) ? JSON.parse(JSON.stringify(value)) : value
}
