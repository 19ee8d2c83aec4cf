import { Activity } from './activity.js'

/** The PDK calls of a case by phase. */
export type Script = Readonly<Record<string, readonly (readonly [string, unknown?])[]>>

/** One PDK call as the plugin server saw it; `step` and `value` once Kong has answered. */
export interface ScriptedCall {
  readonly phase: string
  readonly method: string
  readonly args: unknown
  answer?: { readonly step: unknown; readonly value: unknown }
}

/** One event of a case under way. */
export interface ScriptedEvent {
  readonly phase: string
  readonly calls: readonly (readonly [string, unknown?])[]
  next: number
  open: boolean
  current: ScriptedCall | undefined
}

/** What happened during one case. */
interface Episode {
  readonly events: ScriptedEvent[]
  readonly calls: ScriptedCall[]
  readonly script: Script
}

/** The part of a scripted plugin server that no protocol has to do with: which calls it makes, and what came of them. */
export class ScriptRun {
  private readonly activity = new Activity()
  private episode: Episode = { events: [], calls: [], script: {} }

  /** From now on events follow this script and belong to a new episode. */
  begin(script: Script): void {
    this.episode = { events: [], calls: [], script }
  }

  get phases(): readonly string[] {
    return this.episode.events.map(({ phase }) => phase)
  }

  get calls(): readonly ScriptedCall[] {
    return this.episode.calls
  }

  openEvent(phase: string): ScriptedEvent {
    const event: ScriptedEvent = { phase, calls: this.episode.script[phase] ?? [], next: 0, open: true, current: undefined }
    this.episode.events.push(event)
    return event
  }

  /** The next call of an event; undefined when it is over. */
  nextCall(event: ScriptedEvent): ScriptedCall | undefined {
    const call = event.calls[event.next++]
    if (call === undefined) {
      event.open = false
      return undefined
    }
    const [method, args = []] = call
    event.current = { phase: event.phase, method, args }
    this.episode.calls.push(event.current)
    return event.current
  }

  /** Something came from Kong. */
  moved(): void {
    this.activity.stir()
  }

  /** Waits until a log event has ended, or nothing has happened for some time (a call that is never answered), in ms. */
  async settled(idleMs: number, withoutEventMs: number): Promise<void> {
    for (;;) {
      const logs = this.episode.events.filter(({ phase }) => phase === 'log')
      if (logs.length > 0 && logs.every(({ open }) => !open)) return
      const moved = await this.activity.next(logs.length > 0 ? idleMs : withoutEventMs)
      if (!moved) return
    }
  }
}
