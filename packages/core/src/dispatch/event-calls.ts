import type { PdkCall } from '../pdk/call/pdk-channel.js'
import { FINAL_METHODS, ResponseExit } from '../pdk/call/response-exit.js'
import { WaitingCall } from './waiting-call.js'

/**
 * What carries the calls of one event to Kong: it is handed one call at a time and tells the answer with `answer` or `fail`. When `send` throws,
 * nothing was sent.
 */
export interface CallCarrier {
  send(method: string, args: readonly unknown[]): void
}

/** Makes the error of calls that come too late. Every event ends, and hardly any sees such a call: the error is made for those only. */
export type EndReason = () => Error

/** Waits for the handler of an event, and can be told that the event is lost or has to end. */
export interface Interruptible {
  interrupt(error: Error): void
}

/** Is handed the promises of calls that failed before they were sent, with the event they belong to: somebody may have forgotten to await them. */
export type CallWatch = (promise: Promise<unknown>, calls: EventCalls) => void

/**
 * The PDK calls of one event. Kong answers one call of an event at a time, so later ones wait their turn, in order; calls that nobody awaits
 * are sent all the same.
 */
export class EventCalls {
  readonly #carrier: CallCarrier
  readonly #watch: CallWatch | undefined
  #waiting: WaitingCall[] | undefined
  #current: WaitingCall | undefined
  #end: EndReason | undefined
  #exited = false
  #lost = false
  #drained: (() => void) | undefined
  #waiter: Interruptible | undefined
  #failedFinal: { readonly error: unknown } | undefined

  /** @param watch is shared by many events; without it a failure that nobody awaits is Node's `unhandledRejection` and belongs to no event. */
  constructor(carrier: CallCarrier, watch?: CallWatch) {
    this.#carrier = carrier
    this.#watch = watch
  }

  /** The seam for `new PDK(call)`. */
  readonly call: PdkCall = (method, args) => {
    const call = new WaitingCall(method, args)
    if (this.#end !== undefined) this.#refuse(call, this.#end())
    else if (this.#current !== undefined) (this.#waiting ??= []).push(call)
    else this.#send(call)
    return call.promise
  }

  /** `kong.response.exit` or `kong.response.error` was handed to Kong: the request is over and Kong expects nothing more of this event. */
  get exited(): boolean {
    return this.#exited
  }

  /** A call waits, or is being answered. */
  get busy(): boolean {
    return this.#current !== undefined
  }

  /** The event ended without the plugin or the handler: `fail` was called. */
  get lost(): boolean {
    return this.#lost
  }

  /**
   * A call failed before it was sent. Whether anybody awaits it will be seen, and is logged if not; but a handler that meant to end the request,
   * and did not, must not let it pass in any case.
   */
  failedUnsent(method: string, promise: Promise<unknown>, error: unknown): void {
    this.#watch?.(promise, this)
    if (FINAL_METHODS.has(method)) this.#failedFinal ??= { error }
  }

  /** What the call failed with that was to end the request. The handler may have gone on, but its phase must not end as if all were well. */
  get failedFinal(): { readonly error: unknown } | undefined {
    return this.#failedFinal
  }

  /** Whoever waits for the handler. */
  onInterrupt(waiter: Interruptible): void {
    this.#waiter = waiter
  }

  /** Ends the handler's time: what it does from now on counts no more, and the phase ends as after a failure. */
  interrupt(error: Error): void {
    this.#waiter?.interrupt(error)
  }

  /** The answer to the call that was sent last; `undefined` for nil. */
  answer(value: unknown): void {
    const call = this.#current
    if (call === undefined) return
    this.#current = undefined
    call.resolve(value)
    this.#next()
  }

  /** Kong's answer to the call that was sent last cannot be used: that call fails, and the event goes on. */
  answerWithError(error: unknown): void {
    const call = this.#current
    if (call === undefined) return
    this.#current = undefined
    this.#reject(call, error)
    this.#next()
  }

  /** The call that was sent last, and all that wait, cannot be answered: the event is lost. */
  fail(error: Error): void {
    const call = this.#current
    this.#current = undefined
    this.#lost = true
    this.end(() => error)
    call?.rejectQuietly(error)
    this.#drained?.()
    this.#waiter?.interrupt(error)
  }

  /** Refuses what waits and whatever is called from now on. A call that Kong is working on is still answered. */
  end(reason: EndReason): void {
    this.#end ??= reason
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) for (const call of waiting) this.#refuse(call, this.#end())
  }

  /** Resolves when no call waits or is being answered. `undefined` when that is so already. */
  drain(): Promise<void> | undefined {
    if (this.#current === undefined) return undefined
    return new Promise((resolve) => {
      this.#drained = resolve
    })
  }

  /** Sends a last call after the event was ended and drained for the handler: the 500 of a handler that failed. */
  sendFinal(method: string, args: readonly unknown[]): void {
    this.#carrier.send(method, args)
  }

  /**
   * Asks Kong for something of the server's own, after the event was ended and drained for the handler.
   *
   * @returns `undefined` for nil, and when it cannot be had.
   */
  async ask(method: string, args: readonly unknown[]): Promise<unknown> {
    const call = new WaitingCall(method, args)
    this.#send(call)
    return call.promise.catch(() => undefined)
  }

  #send(call: WaitingCall): void {
    if (!this.#handOver(call)) this.#next()
  }

  /** @returns whether the call was sent: when its arguments cannot be, only this call is lost. */
  #handOver(call: WaitingCall): boolean {
    // A final call, too, keeps others waiting meanwhile: looking at its arguments may make some.
    this.#current = call
    try {
      this.#carrier.send(call.method, call.args)
    } catch (error) {
      this.#current = undefined
      this.#reject(call, error)
      return false
    }
    if (!FINAL_METHODS.has(call.method)) return true
    this.#current = undefined
    this.#exited = true
    this.end(() => new ResponseExit())
    call.resolve(undefined)
    this.#drained?.()
    return true
  }

  /** A call after `exit`, or of a lost event, needs no word in the log; one that outlives its phase is a mistake of the handler's. */
  #refuse(call: WaitingCall, end: Error): void {
    if (this.#lost || this.#exited) call.rejectQuietly(end)
    else this.#reject(call, end)
  }

  #reject(call: WaitingCall, error: unknown): void {
    this.failedUnsent(call.method, call.promise, error)
    call.reject(error)
  }

  /** A loop, since no stack is deep enough for thousands of calls that cannot be sent. */
  #next(): void {
    for (let next = this.#waiting?.shift(); next !== undefined; next = this.#waiting?.shift()) if (this.#handOver(next)) return
    this.#drained?.()
  }
}
