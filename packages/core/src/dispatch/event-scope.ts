import type { Phase } from '../definition/phase.js'
import type { PdkOptions } from '../pdk/pdk-channel.js'
import type { EndReason, EventCalls } from './event-calls.js'

/** What a PDK is told about its event. One per event, so the signal and the watch are made only when they are asked for. */
export class EventScope implements PdkOptions {
  readonly phase: Phase
  readonly #calls: EventCalls
  #controller: AbortController | undefined
  #end: EndReason | undefined

  constructor(phase: Phase, calls: EventCalls) {
    this.phase = phase
    this.#calls = calls
  }

  /** Ties the promises that the PDK makes itself to this event. */
  get watch(): (promise: Promise<unknown>) => void {
    return this.#calls.watch
  }

  /** Is aborted when the event is over, for whatever reason. */
  signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#end !== undefined) this.#controller.abort(this.#end())
    }
    return this.#controller.signal
  }

  end(reason: EndReason): void {
    this.#end ??= reason
    this.#controller?.abort(this.#end())
  }
}
