import type { Phase } from '../phase/phase.js'
import type { KongTsError } from '../errors/kong-ts-error.js'
import { PdkArgumentError } from './pdk-argument-error.js'
import type { PdkCall } from './pdk-call.js'
import type { ArgumentProblem, PdkMethod } from './pdk-method.js'
import { PdkPhaseError } from './pdk-phase-error.js'

/** What a carrier may tell a PDK beside carrying its calls. Everything is optional: `new PDK(call)` works alone. */
export interface PdkOptions {
  /** The phase the calls belong to. Without it nothing is refused because of the phase. */
  readonly phase?: Phase | undefined
  /** Gives the signal that is aborted when the event is over or its deadline passed. Asked for at most when `kong.signal` is read. */
  readonly signal?: (() => AbortSignal) | undefined
  /**
   * Is handed every promise that the PDK makes itself: refused calls, converted results, calls made of several steps. Promises that
   * come straight from `call` are not handed over again. Attach to it so that a failure nobody awaits is logged and not fatal; an error
   * of `call` arrives here once more, as the same object. Without it such a rejection is Node's `unhandledRejection`.
   */
  readonly watch?: ((promise: Promise<unknown>) => void) | undefined
  /**
   * Is handed the promise of every refused call: a call with wrong arguments or in a wrong phase rejects at once, and when nobody awaits it the
   * handler goes on as if it had worked. Never called for calls that are sent, so it costs them nothing.
   */
  readonly refused?: ((promise: Promise<unknown>, error: KongTsError) => void) | undefined
  /**
   * Whether Kong gives back request bodies that it wrote to a file (Kong 3.8 and newer do; default `true`). With `false` the file is
   * looked for first, and such a body is an error in the handler instead of a 500 by Kong.
   */
  readonly readsSpilledBodies?: boolean | undefined
}

/** Key under which a PDK and its namespaces keep their channel: a symbol, so that no handler meets it by chance. */
export const CHANNEL = Symbol('kong-ts.pdk-channel')

const NEVER_WATCHED = (): void => undefined

/** The way of every PDK call to its carrier: refuses what Kong would raise on, and hands the rest over. */
export class PdkChannel {
  readonly call: PdkCall
  readonly options: PdkOptions

  constructor(call: PdkCall, options: PdkOptions) {
    this.call = call
    this.options = options
  }

  get phase(): Phase | undefined {
    return this.options.phase
  }

  /**
   * Checks phase and arguments and hands the call over. The caller states the type of Kong's answer: it is not looked at again, because
   * recorded answers of Kong prove it and a second promise per call would cost more than the call.
   */
  send<Answer>(method: PdkMethod, args: readonly unknown[]): Promise<Answer> {
    const refusal = this.refusal(method, args)
    return refusal === undefined ? (this.call(method.name, args) as Promise<Answer>) : this.refuse(refusal)
  }

  /** Tells why Kong would raise on a call, `undefined` when it would not. A wrong phase is the more useful news, so it comes first. */
  refusal(method: PdkMethod, args: readonly unknown[]): PdkPhaseError | PdkArgumentError | undefined {
    const phase = this.options.phase
    if (phase !== undefined && !method.allows(phase)) return new PdkPhaseError(method.name, phase, method.phases)
    const problem = method.check?.(args, phase)
    return problem === undefined ? undefined : new PdkArgumentError(method.name, problem.argument, problem.rule)
  }

  /** Refuses a call whose arguments cannot even be brought into the form that is sent, unless its phase is wrong as well. */
  refuseArgument(method: PdkMethod, { argument, rule }: ArgumentProblem): Promise<never> {
    const phase = this.options.phase
    if (phase !== undefined && !method.allows(phase)) return this.refuse(new PdkPhaseError(method.name, phase, method.phases))
    return this.refuse(new PdkArgumentError(method.name, argument, rule))
  }

  /** Rejects without sending anything. */
  refuse(error: KongTsError): Promise<never> {
    const promise = Promise.reject<never>(error)
    this.options.refused?.(promise, error)
    return this.watch(promise)
  }

  /** Converts an answer. */
  map<From, To>(answer: Promise<From>, convert: (value: From) => To | Promise<To>): Promise<To> {
    return this.watch(answer.then(convert))
  }

  /** Reports a promise that the carrier did not make. */
  watch<T>(promise: Promise<T>): Promise<T> {
    const watch = this.options.watch ?? NEVER_WATCHED
    watch(promise)
    return promise
  }
}

/** Base of every namespace of the PDK, `kong.client`, `kong.request` …: methods on the prototype, one field. */
export abstract class PdkNamespace {
  readonly [CHANNEL]: PdkChannel

  constructor(channel: PdkChannel) {
    this[CHANNEL] = channel
  }
}
