import type { Phase } from '../phase/phase.js'
import { KongTsError } from '../errors/kong-ts-error.js'

/**
 * A PDK method was called in a phase in which Kong raises on it. Nothing was sent: Kong would have ended the request with a 500
 * and, in `log`, handed this request's data to the next one.
 */
export class PdkPhaseError extends KongTsError {
  /** Kong's name of the function, for example `kong.client.get_ip`. */
  readonly method: string
  /** The phase it was called in. */
  readonly phase: Phase
  /** The phases it may be called in; empty when there is none that an external plugin takes part in. */
  readonly allowed: readonly Phase[]

  constructor(method: string, phase: Phase, allowed: readonly Phase[]) {
    const remedy =
      allowed.length === 0
        ? 'no phase of an external plugin allows it: leave it out'
        : `call it in ${allowed.join(', ')}, and pass what you need on with kong.ctx.shared` +
          (phase === 'log' ? ' or take it from kong.log.serialize()' : '')
    super('ERR_PDK_PHASE', `${method} cannot be called in the ${phase} phase: ${remedy}`)
    this.method = method
    this.phase = phase
    this.allowed = allowed
  }
}
