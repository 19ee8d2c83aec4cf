import type { Phase } from '../../phase/phase.js'
import { KongTsError } from '../../errors/kong-ts-error.js'

/**
 * A PDK method was called with an argument that Kong cannot take. Nothing was sent: Kong would have ended the request with a 500, or stored
 * something else than was meant. The stack shows the line of the plugin that made the call.
 *
 * The message does not show the value, because it may be a secret.
 */
export class PdkArgumentError extends KongTsError {
  /** Kong's name of the function, for example `kong.response.set_header`. */
  readonly method: string
  /** Kong's name of the argument, for example `value`. */
  readonly argument: string
  /** What is wrong with it and what to do instead, for example `must be a string`. */
  readonly rule: string

  constructor(method: string, argument: string, rule: string) {
    super('ERR_PDK_ARGUMENT', `${method} was not called: ${argument} ${rule}`)
    this.method = method
    this.argument = argument
    this.rule = rule
  }
}

/**
 * A PDK method was called in a phase in which Kong raises an error for it. Nothing was sent: Kong would have ended the request with a 500
 * and, in `log`, shown data of this request to the next one.
 */
export class PdkPhaseError extends KongTsError {
  /** Kong's name of the function, for example `kong.client.get_ip`. */
  readonly method: string
  /** The phase it was called in. */
  readonly phase: Phase
  /** The phases in which it may be called. */
  readonly allowed: readonly Phase[]

  constructor(method: string, phase: Phase, allowed: readonly Phase[]) {
    const remedy =
      `call it in ${allowed.join(', ')}, and pass what you need on with kong.ctx.shared` +
      (phase === 'log' ? ' or take it from kong.log.serialize()' : '')
    super('ERR_PDK_PHASE', `${method} cannot be called in the ${phase} phase: ${remedy}`)
    this.method = method
    this.phase = phase
    this.allowed = allowed
  }
}

/** A body cannot be given as asked for: it is too large, its encoding is not known or broken, or it is not JSON. */
export class PdkBodyError extends KongTsError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_PDK_CALL', message, options)
  }
}
