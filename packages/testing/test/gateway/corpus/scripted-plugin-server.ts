import { createServer, type Server, type Socket } from 'node:net'
import { isRecord } from '../../kong/corpus/normalise.js'
import { decodeCorpus, encodeCorpus } from './corpus-msgpack.js'

type Script = Readonly<Record<string, readonly (readonly [string, unknown?])[]>>

/** One PDK call as the plugin server saw it; `step` and `value` once Kong has answered. */
export interface ScriptedCall {
  readonly phase: string
  readonly method: string
  readonly args: unknown
  answer?: { readonly step: unknown; readonly value: unknown }
}

interface ScriptedEvent {
  readonly phase: string
  readonly calls: readonly (readonly [string, unknown?])[]
  next: number
  open: boolean
  current: ScriptedCall | undefined
}

/** What happened during one case. */
class Episode {
  readonly events: ScriptedEvent[] = []
  readonly calls: ScriptedCall[] = []

  constructor(readonly script: Script) {}
}

/** A MsgPack:1 plugin server within the test: in each phase it makes the PDK calls of the case that is played. */
export class ScriptedPluginServer {
  private readonly server: Server
  private readonly connections = new Set<Socket>()
  private readonly events = new Map<number, ScriptedEvent>()
  private readonly watchers = new Set<() => void>()
  private lastId = 0
  private episode = new Episode({})

  constructor() {
    this.server = createServer((socket) => this.serve(socket))
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve) => this.server.listen(path, resolve))
  }

  close(): void {
    this.server.close()
    for (const socket of this.connections) socket.destroy()
  }

  /** From now on events follow this script and belong to a new episode. */
  begin(script: Script): void {
    this.episode = new Episode(script)
  }

  get phases(): readonly string[] {
    return this.episode.events.map(({ phase }) => phase)
  }

  get calls(): readonly ScriptedCall[] {
    return this.episode.calls
  }

  /** Waits until a log event has ended, or nothing has happened for some time (a call that is never answered), in ms. */
  async settled(idleMs: number, withoutEventMs: number): Promise<void> {
    for (;;) {
      const logs = this.episode.events.filter(({ phase }) => phase === 'log')
      if (logs.length > 0 && logs.every(({ open }) => !open)) return
      const moved = await this.nextMessage(logs.length > 0 ? idleMs : withoutEventMs)
      if (!moved) return
    }
  }

  private nextMessage(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (moved: boolean): void => {
        clearTimeout(timer)
        this.watchers.delete(wake)
        resolve(moved)
      }
      const wake = (): void => done(true)
      const timer = setTimeout(() => done(false), timeoutMs)
      this.watchers.add(wake)
    })
  }

  private serve(socket: Socket): void {
    let buffer = Buffer.alloc(0)
    this.connections.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk])
      for (let message = decodeCorpus(buffer); message !== undefined; message = decodeCorpus(buffer)) {
        buffer = buffer.subarray(message.length)
        const [, id, method, parameters] = Array.isArray(message.value) ? message.value : []
        socket.write(encodeCorpus([1, id, null, this.handle(method, Array.isArray(parameters) ? parameters[0] : undefined)]))
        for (const wake of this.watchers) wake()
      }
    })
  }

  private handle(method: unknown, parameter: unknown): unknown {
    if (isRecord(parameter) && typeof parameter['EventId'] === 'number') {
      const event = this.events.get(parameter['EventId'])
      if (event?.current !== undefined)
        event.current.answer = { step: method, value: 'Data' in parameter ? parameter['Data'] : { $absent: true } }
      return this.step(parameter['EventId'])
    }
    const id = ++this.lastId
    if (method === 'plugin.StartInstance') return { Name: '', Id: id, Config: '' }
    if (method !== 'plugin.HandleEvent' || !isRecord(parameter)) return { Id: id }
    const phase = String(parameter['EventName'])
    const event: ScriptedEvent = { phase, calls: this.episode.script[phase] ?? [], next: 0, open: true, current: undefined }
    this.episode.events.push(event)
    this.events.set(id, event)
    return this.step(id)
  }

  private step(id: number): unknown {
    const event = this.events.get(id)
    const call = event?.calls[event.next++]
    if (event === undefined || call === undefined) {
      if (event !== undefined) event.open = false
      this.events.delete(id)
      return { EventId: id, Data: 'ret' }
    }
    const [method, args = []] = call
    event.current = { phase: event.phase, method, args }
    this.episode.calls.push(event.current)
    return { EventId: id, Data: { Method: method, Args: args } }
  }
}
