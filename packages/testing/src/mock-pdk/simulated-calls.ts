import { EventRun, type EventCarrier, type PhaseDefinition, type PhaseOutcome } from '@kong-ts/core/server'
import { KongTsError } from '@kong-ts/core'
import { isSimulated, type CallingPlugin, type KongTransaction } from '@kong-ts/simulator'
import type { PdkCallRecord } from './pdk-call-record.js'
import { writtenPdkMethod } from './pdk-method-name.js'
import { fromLuaValue, toLuaValue } from './plain-value.js'

/** Which event is simulated, and who hears of it. */
interface SimulatedEvent {
  readonly transaction: Pick<KongTransaction, 'pdkCall'>
  readonly plugin: CallingPlugin
  readonly phase: PhaseDefinition
  readonly stubs: Stubs
  /** Is told of every call, stubbed ones included. */
  readonly record: (call: PdkCallRecord) => void
  /** Is told why Kong went on without the handler. */
  readonly lost?: (error: Error) => void
  readonly ended?: (outcome: PhaseOutcome) => void
}

/** Taken when the module loads: a test's fake clock may replace it later. */
const { setImmediate } = globalThis
/**
 * Promise jobs between a call and its answer. Kong's answer comes over a socket, when the handler has done all that it can do without it.
 * Waiting for jobs and not for a turn of the event loop keeps tests with a fake clock simple: before they move it, they only have to await
 * some promises.
 */
const JOBS_BEFORE_ANSWER = 32
/** Calls of one event after which timers get a turn. Without it, a handler that never stops calling would never pass its deadline. */
const CALLS_PER_TURN = 256

/**
 * Makes an event of the simulated Kong, whose `call` carries PDK calls and whose `start` runs a handler. A call on which Kong raises fails
 * the handler with the message that Kong would log. A function that is neither simulated nor stubbed fails it with the remedy: a test must
 * not go on where a request would not.
 */
export function simulatedEvent(event: SimulatedEvent): EventRun {
  return new SimulatedCarrier(event).run
}

/** Carries the PDK calls of one event to a transaction in memory, and records each of them. */
class SimulatedCarrier implements EventCarrier {
  readonly run: EventRun
  readonly #event: SimulatedEvent
  #answers = 0

  constructor(event: SimulatedEvent) {
    this.#event = event
    this.run = new EventRun(event.phase, this)
  }

  send(method: string, args: readonly unknown[]): void {
    const stub = this.#event.stubs.find(method)
    if (stub) this.#answerStubbed(method, args, stub)
    else this.#answerSimulated(method, args)
  }

  ended(outcome: PhaseOutcome): void {
    this.#event.ended?.(outcome)
  }

  /** The handler gets what a stub throws, and may catch it. A promise of the stub that rejects comes too late for that and ends the event. */
  #answerStubbed(method: string, args: readonly unknown[], stub: StubFunction): void {
    let answer: unknown
    try {
      answer = stub(...args)
    } catch (error) {
      this.#record(method, args, { outcome: 'raised', result: undefined, error: String(error) })
      throw error
    }
    Promise.resolve(answer).then(
      (result) => {
        this.#record(method, args, { outcome: 'answered', result })
        void this.#later(() => this.run.answer(result))
      },
      (error: unknown) => {
        this.#record(method, args, { outcome: 'raised', result: undefined, error: String(error) })
        this.#lose(
          error instanceof Error
            ? error
            : new KongTsError('ERR_TEST', `the stub of ${method} rejected with ${String(error)}: reject with an Error instead`),
        )
      },
    )
  }

  #answerSimulated(method: string, args: readonly unknown[]): void {
    const { transaction, plugin } = this.#event
    if (!isSimulated(method))
      throw new KongTsError('ERR_TEST', `${method} is not simulated: stub it with .stub(${writtenPdkMethod(method)}, …)`)
    const answer = transaction.pdkCall(
      plugin,
      method,
      args.map((arg) => toLuaValue(arg)),
    )
    switch (answer.outcome) {
      case 'answered': {
        const result = fromLuaValue(answer.value)
        this.#record(method, args, { outcome: 'answered', result })
        void this.#later(() => this.run.answer(result))
        break
      }
      case 'final':
        this.#record(method, args, { outcome: 'final', result: undefined })
        break
      case 'raised': {
        const { message } = answer
        this.#record(method, args, { outcome: 'raised', result: undefined, error: message })
        this.#loseLater(`Kong raised in ${method}: ${message}; the request ends there, so correct the call`)
        break
      }
      case 'never':
        this.#record(method, args, { outcome: 'never', result: undefined })
        this.#loseLater(`Kong hangs in ${method} and never answers: do not call it`)
    }
  }

  #record(method: string, args: readonly unknown[], result: Pick<PdkCallRecord, 'outcome' | 'result' | 'error'>): void {
    this.#event.record({ phase: this.#event.phase.phase, method, args, ...result })
  }

  #loseLater(reason: string): void {
    void this.#later(() => this.#lose(new KongTsError('ERR_PDK_CALL', reason)))
  }

  #lose(error: Error): void {
    this.#event.lost?.(error)
    this.run.lose(error)
  }

  async #later(step: () => void): Promise<void> {
    this.#answers++
    if (this.#answers % CALLS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
    else for (let job = 0; job < JOBS_BEFORE_ANSWER; job++) await undefined
    step()
  }
}

/** Answers a PDK call instead of Kong: gets the arguments and returns Kong's answer. */
type StubFunction = (...args: readonly unknown[]) => unknown

/** The PDK functions that a test answers itself, by Kong's name. */
export class Stubs {
  readonly #functions = new Map<string, StubFunction>()

  /** @param answer a value, or a function of the call's arguments. The function may return a promise, or throw the error that the handler gets. */
  set(method: string, answer: unknown): void {
    this.#functions.set(method, isStubFunction(answer) ? answer : () => answer)
  }

  find(method: string): StubFunction | undefined {
    return this.#functions.get(method)
  }
}

function isStubFunction(answer: unknown): answer is StubFunction {
  return typeof answer === 'function'
}
