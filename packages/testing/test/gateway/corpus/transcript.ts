import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { isRecord } from '../../kong/corpus/normalise.js'
import type { CorpusCase } from '../../kong/corpus/corpus-case.js'
import { decodeCorpus } from './corpus-msgpack.js'

/** One PDK call of a recording. */
export interface TranscriptCall {
  readonly phase: string
  readonly method: string
  readonly args: unknown
  answer?: { readonly step: unknown; readonly value: unknown }
}

interface TranscriptEvent {
  readonly phase: string
  readonly calls: TranscriptCall[]
}

/** What Kong and the plugin servers said while one request of curl's ran, and the status curl got. */
export interface TranscriptRequest {
  readonly note: string
  readonly request: CorpusCase['request']
  readonly events: readonly TranscriptEvent[]
  readonly status: number
}

/** A recorded MsgPack:1 session: the plugins with their phases and configurations, and the requests one after the other. */
export interface Transcript {
  readonly plugins: ReadonlyMap<string, { readonly phases: ReadonlySet<string>; readonly config: Readonly<Record<string, unknown>> }>
  readonly requests: readonly TranscriptRequest[]
}

interface TranscriptLine {
  readonly note?: string
  readonly conn?: string
  readonly dir?: 'kong->server' | 'server->kong'
  readonly b64?: string
}

export function readTranscript(name: string): Transcript {
  const read = (file: string): string =>
    gunzipSync(readFileSync(new URL(`../../data/transcripts/${file}.gz`, import.meta.url))).toString('utf8')
  const lines: TranscriptLine[] = read(`${name}.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return new TranscriptReader(statuses(read(`${name}.http.txt`))).read(lines)
}

/** Status by note, in the order of the requests: a note may come several times. */
function statuses(text: string): { note: string; status: number }[] {
  return text.split(/^# /m).flatMap((block) => {
    const status = /^HTTP\/1\.1 (\d{3})/m.exec(block)?.[1]
    return status === undefined ? [] : [{ note: block.slice(0, block.indexOf('\n')), status: Number(status) }]
  })
}

class TranscriptReader {
  private readonly plugins = new Map<string, { phases: Set<string>; config: Record<string, unknown> }>()
  private readonly requests: (Omit<TranscriptRequest, 'events'> & { events: TranscriptEvent[] })[] = []
  private readonly buffers = new Map<string, Buffer>()
  /** The event whose HandleEvent was the last call on a connection, and events by the id their plugin server gave them. */
  private readonly begun = new Map<string, TranscriptEvent>()
  private readonly events = new Map<string, TranscriptEvent>()

  constructor(private readonly answers: { note: string; status: number }[]) {}

  read(lines: readonly TranscriptLine[]): Transcript {
    for (const line of lines) {
      if (line.note?.startsWith('curl ') === true) this.request(line.note)
      if (line.b64 !== undefined && line.conn !== undefined && line.dir !== undefined)
        this.bytes(line.conn, line.dir, Buffer.from(line.b64, 'base64'))
    }
    return { plugins: this.plugins, requests: this.requests }
  }

  private request(note: string): void {
    const index = this.answers.findIndex((answer) => answer.note === note)
    const [answer] = this.answers.splice(index, 1)
    if (index < 0 || answer === undefined) throw new Error(`no response is recorded for: ${note}`)
    this.requests.push({ note, request: curlRequest(note), events: [], status: answer.status })
  }

  private bytes(connection: string, direction: 'kong->server' | 'server->kong', bytes: Buffer): void {
    const key = `${connection} ${direction}`
    let buffer = Buffer.concat([this.buffers.get(key) ?? Buffer.alloc(0), bytes])
    const sender = direction === 'kong->server' ? 'kong' : 'server'
    for (let message = decodeCorpus(buffer, sender); message !== undefined; message = decodeCorpus(buffer, sender)) {
      buffer = buffer.subarray(message.length)
      if (Array.isArray(message.value)) this.message(connection, message.value)
    }
    this.buffers.set(key, buffer)
  }

  private message(connection: string, message: readonly unknown[]): void {
    const plugin = connection.replace(/#.*/, '')
    if (message[0] === 0) this.call(connection, plugin, message[2], Array.isArray(message[3]) ? message[3][0] : undefined)
    else if (message[0] === 1) this.answer(connection, plugin, message[3])
  }

  private call(connection: string, plugin: string, method: unknown, parameter: unknown): void {
    if (!isRecord(parameter)) return
    if (method === 'plugin.StartInstance')
      this.plugins.set(String(parameter['Name']), { phases: new Set(), config: JSON.parse(String(parameter['Config'])) })
    else if (method === 'plugin.HandleEvent') {
      const event: TranscriptEvent = { phase: String(parameter['EventName']), calls: [] }
      this.plugins.get(plugin)?.phases.add(event.phase)
      this.requests.at(-1)?.events.push(event)
      this.begun.set(connection, event)
    } else if (parameter['EventId'] !== undefined) {
      const call = this.events.get(`${plugin} ${JSON.stringify(parameter['EventId'])}`)?.calls.at(-1)
      if (call !== undefined) call.answer = { step: method, value: 'Data' in parameter ? parameter['Data'] : { $absent: true } }
    }
  }

  private answer(connection: string, plugin: string, result: unknown): void {
    if (!isRecord(result) || result['EventId'] === undefined) return
    const key = `${plugin} ${JSON.stringify(result['EventId'])}`
    const event = this.events.get(key) ?? this.begun.get(connection)
    if (event === undefined) return
    this.events.set(key, event)
    const { Data: data } = result
    if (isRecord(data) && typeof data['Method'] === 'string')
      event.calls.push({ phase: event.phase, method: data['Method'], args: data['Args'] })
  }
}

/** The bytes curl 7.88.1 sends for a command line of the recordings. */
function curlRequest(note: string): CorpusCase['request'] {
  const [, method, url = '', rest = ''] = /^curl (?:-X (\S+) )?(?:--http1\.0 )?(http:\S+)(.*)$/.exec(note) ?? []
  const { host, pathname, search } = new URL(url)
  const body = / -d (.*)$/.exec(rest)?.[1]
  const given = rest
    .replace(/ -d .*$/, '')
    .split(/ -H /)
    .slice(1)
    .map((text) => {
      const [, name = '', mark, value = ''] = /^([^:;]+)(:|;) ?(.*)$/.exec(text) ?? []
      return { name, empty: mark === ';', value }
    })
  const isRemoved = (header: string): boolean =>
    given.some(({ name, empty, value }) => !empty && value === '' && name.toLowerCase() === header)
  const headers: [string, string][] = [['Host', host]]
  if (!isRemoved('user-agent')) headers.push(['User-Agent', 'curl/7.88.1'])
  if (!isRemoved('accept')) headers.push(['Accept', '*/*'])
  for (const { name, empty, value } of given) if (empty || value !== '') headers.push([name, value])
  if (body !== undefined) headers.push(['Content-Length', String(Buffer.byteLength(body))])
  return {
    method: method ?? 'GET',
    target: `${pathname}${search === '' && url.endsWith('?') ? '?' : search}`,
    version: note.includes('--http1.0') ? 'HTTP/1.0' : 'HTTP/1.1',
    headers,
    body: body ?? '',
  }
}
