import { createServer, type Server, type Socket } from 'node:net'
import { Activity } from '../corpus/activity.js'
import type { RecordedStep, Turn } from './session-recording.js'
import type { ConnectionReader, KongMessage, SessionWire } from './session-wire.js'

/** A turn as it went this time; `recorded` is missing when Kong never said such a thing. */
export interface PlayedTurn {
  readonly kong: KongMessage
  readonly recorded: Turn | undefined
}

export interface StepOptions {
  /** A reaction comes only when all has arrived that came before it then: requests overlap as they did. */
  readonly inStep?: boolean
  /** Reactions that the plugin waited with are held until `release`. */
  readonly holdsWaiting?: boolean
  /** A reaction that closes its connection ends the plugin servers. */
  readonly dies?: boolean
}

/** Plugin servers that say what recorded ones said, byte for byte, each in reaction to the same message of Kong's. */
export class SessionPlayer {
  private readonly servers: Server[] = []
  private readonly connections = new Set<Socket>()
  private readonly ids = new Map<number, number>()
  private readonly activity = new Activity()
  private readonly pending: { readonly before: number; readonly send: () => void }[] = []
  private readonly held: (() => void)[] = []
  private left: Turn[] = []
  private turns: readonly Turn[] = []
  private arrived = new Set<Turn>()
  private played: PlayedTurn[] = []
  private options: StepOptions = {}

  constructor(private readonly wire: SessionWire) {}

  /** Serves a plugin on a socket; to be called again after `kill`. */
  listen(plugin: string, path: string): Promise<void> {
    const server = createServer((socket) => this.serve(plugin, socket))
    this.servers.push(server)
    return new Promise((resolve) => server.listen(path, resolve))
  }

  /** Nobody listens any more, and every connection is closed. */
  async kill(): Promise<void> {
    const closed = this.servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))
    for (const socket of this.connections) socket.destroy()
    await Promise.all(closed)
  }

  begin({ turns }: RecordedStep, options: StepOptions = {}): void {
    this.turns = turns
    this.left = [...turns]
    this.arrived = new Set()
    this.played = []
    this.options = options
  }

  /** What was said since `begin`, in the order of the messages of Kong's. */
  get said(): readonly PlayedTurn[] {
    return this.played
  }

  /** Waits for what is left of the step; gives up when nothing has come for some time, in ms. */
  async finished(patienceMs: number): Promise<void> {
    await this.until(() => this.left.length === 0, patienceMs)
  }

  /** Waits until something holds, or nothing has come for some time, in ms. */
  async until(holds: () => boolean, patienceMs: number): Promise<void> {
    while (!holds() && (await this.activity.next(patienceMs)));
  }

  get holding(): boolean {
    return this.held.length > 0
  }

  release(): void {
    for (const send of this.held.splice(0)) send()
  }

  private serve(plugin: string, socket: Socket): void {
    this.connections.add(socket)
    const reader = this.wire.openConnection()
    let lastTurn: Turn | undefined
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.connections.delete(socket))
    socket.on('data', (chunk) => {
      for (const kong of reader.kong(chunk)) {
        const turn = this.take(plugin, kong, lastTurn)
        this.played.push({ kong, recorded: turn })
        if (turn === undefined) socket.write(this.wire.refusal(kong))
        else this.react(socket, reader, turn)
        lastTurn = turn ?? lastTurn
        this.sendPending()
        this.activity.stir()
      }
    })
  }

  /** The recorded turn that a message stands for: the first one left that was about the same. */
  private take(plugin: string, kong: KongMessage, lastTurn: Turn | undefined): Turn | undefined {
    const index = this.left.findIndex((turn) => {
      if (turn.plugin !== plugin || turn.kong.kind !== kong.kind || turn.kong.about !== kong.about) return false
      return kong.kind !== 'step' || kong.about !== '' || turn.connection === lastTurn?.connection
    })
    const turn = index < 0 ? undefined : this.left.splice(index, 1)[0]
    if (turn?.kong.id !== undefined && kong.id !== undefined) this.ids.set(turn.kong.id, kong.id)
    if (turn !== undefined) this.arrived.add(turn)
    return turn
  }

  private react(socket: Socket, reader: ConnectionReader, turn: Turn): void {
    const { bytes, closes, waited } = turn.reaction
    const send = (): void => {
      if (bytes.length > 0) {
        socket.write(this.wire.withIds(bytes, this.ids))
        reader.server(bytes)
      }
      if (closes && this.options.dies === true) void this.kill()
      else if (closes) socket.end()
    }
    if (waited && this.options.holdsWaiting === true) this.held.push(send)
    else this.pending.push({ before: this.options.inStep === true ? this.turns.indexOf(turn) : 0, send })
  }

  private sendPending(): void {
    const isDue = (before: number): boolean => this.turns.slice(0, before).every((turn) => this.arrived.has(turn))
    for (const entry of this.pending.splice(0)) {
      if (isDue(entry.before)) entry.send()
      else this.pending.push(entry)
    }
  }
}
