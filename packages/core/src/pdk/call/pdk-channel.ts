import type { Phase } from '../../phase/phase.js'
import type { KongTsError } from '../../errors/kong-ts-error.js'
import { PdkArgumentError, PdkPhaseError } from './pdk-errors.js'
import type { ArgumentProblem, PdkMethod } from './pdk-method.js'

/**
 * Carries PDK calls to Kong: over MsgPack:1, over ProtoBuf:1, or to the simulated Kong of `@kong-ts/testing`.
 *
 * `method` is Kong's name, for example `kong.request.get_header`. `args` are plain data: the PDK refuses everything else before it calls
 * the carrier. `undefined` and `null` are nil.
 *
 * The promise resolves with Kong's answer, `undefined` for nil. Lua tables are arrays or objects without a prototype chain, raw bodies are
 * `Uint8Array`, text is a string. Bytes in a text that are not UTF-8 are lone surrogates U+DC80…U+DCFF, which become the same bytes when
 * they are sent again.
 *
 * Kong answers the calls of an event one at a time and in order, so a carrier must not be called again before its last call has settled.
 * The object that runs the event queues calls above it. Kong never answers `kong.response.exit` and `kong.response.error`: a carrier
 * resolves them with `undefined` as soon as they are sent, and the event is over.
 */
export type PdkCall = (method: string, args: readonly unknown[]) => Promise<unknown>

/** What a PDK may know about its event. Everything is optional: `new PDK(call)` works alone. */
export interface PdkOptions {
  /** The phase the calls belong to. Without it, no call is refused because of the phase. */
  readonly phase?: Phase | undefined
  /** Gives the signal that is aborted when the event is over. Called only when a handler reads `kong.signal`. */
  readonly signal?: (() => AbortSignal) | undefined
  /**
   * Is given the promise of every refused call, that is of a call with a wrong argument or in a wrong phase. When nobody awaits that
   * promise, the handler goes on as if the call had worked. Not called for calls that are sent, so it costs them nothing.
   */
  readonly refused?: ((promise: Promise<unknown>, error: KongTsError) => void) | undefined
}

/** Key under which a PDK and its namespaces keep their channel. It is a symbol, so that editors do not offer it to plugins. */
export const CHANNEL = Symbol('kong-ts.pdk-channel')

/** Checks every PDK call and gives it to the carrier. Refuses what Kong would raise on. */
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
   * Checks phase and arguments and sends the call.
   *
   * The caller states the type of Kong's answer. The answer is not checked again: recorded answers of real Kongs prove the types, and a
   * second promise for every call would cost more than the call.
   */
  send<Answer>(method: PdkMethod, args: readonly unknown[]): Promise<Answer> {
    const refusal = this.refusal(method, args)
    return refusal === undefined ? (this.call(method.name, args) as Promise<Answer>) : this.refuse(refusal)
  }

  /** Tells why a call must not be sent, `undefined` when it can be. The phase comes first, because no other argument would help there. */
  refusal(method: PdkMethod, args: readonly unknown[]): PdkPhaseError | PdkArgumentError | undefined {
    const wrongPhase = this.#wrongPhase(method)
    if (wrongPhase !== undefined) return wrongPhase
    const problem = method.problemWith(args, this.options.phase)
    return problem === undefined ? undefined : new PdkArgumentError(method.name, problem.argument, problem.rule)
  }

  /** Refuses a call because of an argument that the caller of this method has looked at, unless the phase is wrong as well. */
  refuseArgument(method: PdkMethod, { argument, rule }: ArgumentProblem): Promise<never> {
    return this.refuse(this.#wrongPhase(method) ?? new PdkArgumentError(method.name, argument, rule))
  }

  /** Rejects without sending anything. */
  refuse(error: KongTsError): Promise<never> {
    const promise = Promise.reject<never>(error)
    this.options.refused?.(promise, error)
    return promise
  }

  #wrongPhase(method: PdkMethod): PdkPhaseError | undefined {
    const phase = this.options.phase
    return phase === undefined || method.allows(phase) ? undefined : new PdkPhaseError(method.name, phase, method.phases)
  }
}

/** Base class of every namespace of the PDK, such as `kong.client`. */
export abstract class PdkNamespace {
  readonly [CHANNEL]: PdkChannel

  constructor(channel: PdkChannel) {
    this[CHANNEL] = channel
  }
}
