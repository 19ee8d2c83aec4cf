import { EventCalls } from '@kong-ts/core/server'
import { KongTsError, type Phase } from '@kong-ts/core'
import { isSimulated, type CallingPlugin, type KongTransaction } from '@kong-ts/simulator'
import type { PdkCallRecord } from './pdk-call-record.js'
import { writtenPdkMethod } from './pdk-method-name.js'
import { fromLuaValue, toLuaValue } from './plain-value.js'
import type { StubFunction, Stubs } from './stubs.js'

/** Carries the PDK calls of one event to a transaction in memory, and notes each of them. */
export interface SimulatedEvent {
  readonly transaction: Pick<KongTransaction, 'pdkCall'>
  readonly plugin: CallingPlugin
  readonly phase: Phase
  readonly stubs: Stubs
  /** Is told of every call, stubbed ones included. */
  readonly record: (call: PdkCallRecord) => void
  /** Is told why Kong went on without the handler. */
  readonly lost?: (error: Error) => void
}

/**
 * The calls of one event against the simulated Kong. A call on which Kong raises fails the handler with what Kong would have logged, and a
 * function that is neither simulated nor stubbed fails it with the remedy: a test shall not go on where a request would not.
 */
export function simulatedCalls(event: SimulatedEvent): EventCalls {
  const calls: EventCalls = new EventCalls({
    send(method, args) {
      const stub = event.stubs.find(method)
      if (stub) answerStubbed(event, calls, method, args, stub)
      else answerSimulated(event, calls, method, args)
    },
  })
  return calls
}

/** What a stub throws at once, the handler gets and may catch; a rejected promise comes too late for that and ends the event. */
function answerStubbed(event: SimulatedEvent, calls: EventCalls, method: string, args: readonly unknown[], stub: StubFunction): void {
  const entry = { phase: event.phase, method, args }
  const raised = (error: unknown): void => event.record({ ...entry, outcome: 'raised', result: undefined, error: String(error) })
  let answer: unknown
  try {
    answer = stub(...args)
  } catch (error) {
    raised(error)
    throw error
  }
  Promise.resolve(answer).then(
    (result) => {
      event.record({ ...entry, outcome: 'answered', result })
      calls.answer(result)
    },
    (error: unknown) => {
      raised(error)
      lose(
        event,
        calls,
        error instanceof Error
          ? error
          : new KongTsError('ERR_TEST', `the stub of ${method} rejected with ${String(error)}: reject with an Error instead`),
      )
    },
  )
}

function lose(event: SimulatedEvent, calls: EventCalls, error: Error): void {
  event.lost?.(error)
  calls.fail(error)
}

function answerSimulated(event: SimulatedEvent, calls: EventCalls, method: string, args: readonly unknown[]): void {
  const entry = { phase: event.phase, method, args }
  if (!isSimulated(method))
    throw new KongTsError('ERR_TEST', `${method} is not simulated: stub it with .stub(${writtenPdkMethod(method)}, …)`)
  const answer = event.transaction.pdkCall(
    event.plugin,
    method,
    args.map((arg) => toLuaValue(arg)),
  )
  switch (answer.outcome) {
    case 'answered': {
      const result = fromLuaValue(answer.value)
      event.record({ ...entry, outcome: 'answered', result })
      // Kong's answer never comes within the call that asked for it.
      later(() => calls.answer(result))
      return
    }
    case 'final':
      event.record({ ...entry, outcome: 'final', result: undefined })
      return
    case 'raised':
      event.record({ ...entry, outcome: 'raised', result: undefined, error: answer.message })
      later(() =>
        lose(
          event,
          calls,
          new KongTsError('ERR_PDK_CALL', `Kong raised in ${method}: ${answer.message}; the request ends there, so correct the call`),
        ),
      )
      return
    case 'never':
      event.record({ ...entry, outcome: 'never', result: undefined })
      later(() => lose(event, calls, new KongTsError('ERR_PDK_CALL', `Kong hangs in ${method} and never answers: do not call it`)))
  }
}

/** A promise and not `queueMicrotask`: a test's fake clock may have taken that one's place. */
function later(step: () => void): void {
  void Promise.resolve().then(step)
}
