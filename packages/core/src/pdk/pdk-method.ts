import { PHASES, type Phase } from '../phase/phase.js'

/** Which argument breaks which rule of Kong's. */
export interface ArgumentProblem {
  /** Kong's name of the argument. */
  readonly argument: string
  /** What it must be, worded as a remedy. */
  readonly rule: string
}

/**
 * Tells which of the arguments of a call Kong would raise on, `undefined` when it accepts them.
 *
 * `args` are what is sent: `undefined` and `null` are nil, `Uint8Array` is a Lua string. `phase` is unknown outside an event.
 */
export type ArgumentCheck = (args: readonly unknown[], phase: Phase | undefined) => ArgumentProblem | undefined

/** Where a method comes from: `oss` is open-source Kong, `enterprise` exists in Kong Gateway Enterprise only, `helper` is ours. */
export type PdkEdition = 'oss' | 'enterprise' | 'helper'

const PHASE_BITS: Readonly<Record<Phase, number>> = { certificate: 1, rewrite: 2, access: 4, response: 8, preread: 16, log: 32 }

/** One method of the PDK: its name in Kong, the phases in which Kong does not raise on it, and the rule for its arguments. */
export class PdkMethod<Name extends string = string, P extends Phase = Phase> {
  readonly name: Name
  readonly phases: readonly P[]
  readonly edition: PdkEdition
  readonly check: ArgumentCheck | undefined
  readonly #phaseBits: number

  constructor(name: Name, phases: readonly P[], edition: PdkEdition, check: ArgumentCheck | undefined) {
    this.name = name
    this.phases = phases
    this.edition = edition
    this.check = check
    this.#phaseBits = phases.reduce((bits, phase) => bits | PHASE_BITS[phase], 0)
  }

  /** Tells whether Kong lets the method be called in `phase`. */
  allows(phase: Phase): boolean {
    return (this.#phaseBits & PHASE_BITS[phase]) !== 0
  }
}

/** A method of open-source Kong. */
export function oss<const Name extends string, P extends Phase>(
  name: Name,
  phases: readonly P[],
  check?: ArgumentCheck,
): PdkMethod<Name, P> {
  return new PdkMethod(name, phases, 'oss', check)
}

/** A method that only Kong Gateway Enterprise has; open-source Kong logs an error line and answers nil. */
export function enterprise<const Name extends string, P extends Phase>(name: Name, phases: readonly P[]): PdkMethod<Name, P> {
  return new PdkMethod(name, phases, 'enterprise', undefined)
}

/** A convenience of this framework on top of the Kong function `name`. */
export function helper<const Name extends string, P extends Phase>(
  name: Name,
  phases: readonly P[],
  check?: ArgumentCheck,
): PdkMethod<Name, P> {
  return new PdkMethod(name, phases, 'helper', check)
}

/** Every phase an external plugin can handle. */
export const ALL_PHASES: readonly Phase[] = PHASES
