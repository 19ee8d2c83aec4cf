import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { MSGPACK_WIRE } from './msgpack-wire.js'
import { PROTOBUF_WIRE } from './protobuf-wire.js'
import { readRecordedResponses, type RecordedResponse } from './recorded-responses.js'
import type { ConnectionReader, KongMessage, ServerMessages, SessionWire } from './session-wire.js'

/** What a recorded plugin server did about one message of Kong's. */
export interface Reaction {
  readonly bytes: Buffer
  readonly said: ServerMessages
  /** The connection was closed, bytes or none. */
  readonly closes: boolean
  /** It came much later than a machine needs: the plugin waited. */
  readonly waited: boolean
}

/** One message of Kong's with the reaction to it. */
export interface Turn {
  readonly plugin: string
  readonly connection: string
  readonly kong: KongMessage
  readonly reaction: Reaction
}

/** What was done and said until the recorder noted the next thing. */
export interface RecordedStep {
  readonly note: string
  readonly turns: readonly Turn[]
  readonly responses: readonly RecordedResponse[]
}

export interface RecordedSession {
  readonly name: string
  readonly wire: SessionWire
  readonly protocol: 'MsgPack:1' | 'ProtoBuf:1'
  readonly steps: readonly RecordedStep[]
}

interface Line {
  readonly note?: string
  readonly t_ms?: number
  readonly conn?: string
  readonly dir?: 'kong->server' | 'server->kong'
  readonly event?: string
  readonly b64?: string
}

/** From here on a plugin server is said to have waited, in ms. */
const WAITED_MS = 200

/** A recorded session between Kong 3.9.1 and plugin servers: `391-mp-…` in MsgPack:1, `391-pb-…` in ProtoBuf:1. */
export function readSession(name: string): RecordedSession {
  const read = (file: string): string =>
    gunzipSync(readFileSync(new URL(`../../data/transcripts/${file}.gz`, import.meta.url))).toString('utf8')
  const lines: Line[] = read(`${name}.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const isMsgpack = name.startsWith('391-mp-')
  const wire = isMsgpack ? MSGPACK_WIRE : PROTOBUF_WIRE
  const responses = hasResponses(name) ? readRecordedResponses(read(`${name}.http.txt`)) : []
  const taken = new Map<string, number>()
  const steps = splitAtNotes(lines).map(({ note, lines: own }) => {
    const nth = taken.get(note) ?? 0
    taken.set(note, nth + 1)
    return { note, own, list: responses.filter((each) => each.note === note)[nth]?.list ?? [] }
  })
  const readers = new Map<string, ConnectionReader>()
  return {
    name,
    wire,
    protocol: isMsgpack ? 'MsgPack:1' : 'ProtoBuf:1',
    steps: steps.map(({ note, own, list }) => ({ note, turns: new TurnReader(wire, readers).read(own), responses: list })),
  }
}

/** What the HTTP client of one session saw was not kept. */
function hasResponses(name: string): boolean {
  return name !== '391-mp-h2-yielding-pdk'
}

function splitAtNotes(lines: readonly Line[]): { note: string; lines: Line[] }[] {
  const steps: { note: string; lines: Line[] }[] = []
  for (const line of lines) {
    if (line.note !== undefined) steps.push({ note: line.note, lines: [] })
    else steps.at(-1)?.lines.push(line)
  }
  return steps
}

interface OpenTurn {
  readonly plugin: string
  readonly connection: string
  readonly kong: KongMessage
  readonly at: number
  bytes: Buffer
  said: ServerMessages
  closes: boolean
  lastAt: number
}

const NOTHING: ServerMessages = { event: undefined, call: undefined, error: undefined }

class TurnReader {
  private readonly turns: OpenTurn[] = []
  private readonly last = new Map<string, OpenTurn>()

  constructor(
    private readonly wire: SessionWire,
    private readonly readers: Map<string, ConnectionReader>,
  ) {}

  read(lines: readonly Line[]): Turn[] {
    const gone = new Set<string>()
    for (const { conn = '', dir, event, b64, t_ms: at = 0 } of lines) {
      const bytes = b64 === undefined ? undefined : Buffer.from(b64, 'base64')
      if (event === 'end' && dir === 'kong->server') gone.add(conn)
      if (dir === 'kong->server' && bytes !== undefined) this.kong(conn, bytes, at)
      const turn = this.last.get(conn)
      if (dir !== 'server->kong' || turn === undefined) continue
      if (bytes !== undefined) {
        turn.bytes = Buffer.concat([turn.bytes, bytes])
        turn.said = this.reader(conn).server(turn.bytes)
        turn.lastAt = at
      } else if (event === 'end' && !gone.has(conn)) turn.closes = true
    }
    return this.turns.map(({ plugin, connection, kong, at, bytes, said, closes, lastAt }) => ({
      plugin,
      connection,
      kong,
      reaction: { bytes, said, closes, waited: lastAt - at > WAITED_MS },
    }))
  }

  private kong(connection: string, bytes: Buffer, at: number): void {
    for (const kong of this.reader(connection).kong(bytes)) {
      const plugin = connection.replace(/#.*/, '')
      const turn: OpenTurn = { plugin, connection, kong, at, bytes: Buffer.alloc(0), said: NOTHING, closes: false, lastAt: at }
      this.turns.push(turn)
      this.last.set(connection, turn)
    }
  }

  private reader(connection: string): ConnectionReader {
    const reader = this.readers.get(connection) ?? this.wire.openConnection()
    this.readers.set(connection, reader)
    return reader
  }
}
