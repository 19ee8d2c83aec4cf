import type { Phase } from '../definition/phase.js'
import type { PdkOptions } from '../pdk/pdk-channel.js'
import type { EndReason } from './event-calls.js'

/** What a PDK is told about its event. One per event, so the signal is made only for handlers that ask for it. */
export class EventScope implements PdkOptions {
  readonly phase: Phase
  #controller: AbortController | undefined
  #end: EndReason | undefined

  constructor(phase: Phase) {
    this.phase = phase
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
