import type { Phase } from '../phase/phase.js'
import type { KongTsError } from '../errors/kong-ts-error.js'
import type { PdkOptions } from '../pdk/call/pdk-channel.js'
import { PdkArgumentError, PdkPhaseError } from '../pdk/call/pdk-errors.js'
import type { EndReason, EventCalls } from './event-calls.js'

/** What a PDK is told about its event. One per event, so the signal is made only for handlers that ask for it. */
export class EventScope implements PdkOptions {
  readonly phase: Phase
  readonly #calls: EventCalls
  #controller: AbortController | undefined
  #end: EndReason | undefined

  constructor(phase: Phase, calls: EventCalls) {
    this.phase = phase
    this.#calls = calls
  }

  /** Ties a refused call to this event. */
  refused(promise: Promise<unknown>, error: KongTsError): void {
    const method = error instanceof PdkArgumentError || error instanceof PdkPhaseError ? error.method : ''
    this.#calls.failedUnsent(method, promise, error)
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
