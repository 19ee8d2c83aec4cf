import { PHASES, type Phase } from '../../phase/phase.js'
import { unsendable } from './lua-arguments.js'

/** Which argument is wrong, and why. */
export interface ArgumentProblem {
  /** Kong's name of the argument. */
  readonly argument: string
  /** What is wrong with it and what to do instead. Follows the name in a message: `must be a string`. */
  readonly rule: string
}

/** Tells what a value must be when Kong would raise on it, for example `must be a string`; `undefined` when Kong takes it. */
export type ValueRule = (value: unknown) => string | undefined

/** The arguments of a function in order: Kong's name of each, and the rule for its value alone. */
export type ArgumentRules = Readonly<Record<string, ValueRule>>

/**
 * Finds arguments that Kong takes one by one, but not together or not in this phase. Runs after the rules of the single arguments.
 *
 * `args` are what is sent. `phase` is `undefined` outside an event.
 */
export type ArgumentCheck = (args: readonly unknown[], phase: Phase | undefined) => ArgumentProblem | undefined

/**
 * Where a method comes from: `oss` is open-source Kong, `enterprise` exists only in Kong Gateway Enterprise, `helper` is part of kong-ts.
 */
export type PdkEdition = 'oss' | 'enterprise' | 'helper'

/** One method of the PDK: its name in Kong, the phases in which Kong does not raise on it, and the rules for its arguments. */
export class PdkMethod<Name extends string = string, Phases extends readonly Phase[] = readonly Phase[]> {
  readonly name: Name
  readonly phases: Phases
  readonly edition: PdkEdition
  /** Kong's names of the arguments, in order. */
  readonly argumentNames: readonly string[]
  readonly #rules: readonly ValueRule[]
  readonly #check: ArgumentCheck | undefined
  readonly #phaseBits: number

  constructor(name: Name, phases: Phases, edition: PdkEdition, rules: ArgumentRules, check: ArgumentCheck | undefined) {
    this.name = name
    this.phases = phases
    this.edition = edition
    this.argumentNames = Object.keys(rules)
    this.#rules = Object.values(rules)
    this.#check = check
    this.#phaseBits = phases.reduce((bits, phase) => bits | PHASE_BITS[phase], 0)
  }

  /** Tells whether Kong lets the method be called in `phase`. */
  allows(phase: Phase): boolean {
    return (this.#phaseBits & PHASE_BITS[phase]) !== 0
  }

  /** Finds the first argument that is not plain data or on which Kong would raise. */
  problemWith(args: readonly unknown[], phase: Phase | undefined): ArgumentProblem | undefined {
    const problem = unsendableArgument(args, this.argumentNames)
    if (problem !== undefined) return problem
    for (let index = 0; index < this.#rules.length; index++) {
      const rule = this.#rules[index]?.(args[index])
      if (rule !== undefined) return { argument: this.argumentNames[index] ?? '', rule }
    }
    return this.#check?.(args, phase)
  }
}

/** Finds the first argument that is not plain data. Text and numbers, which most arguments are, cost no call. */
export function unsendableArgument(args: readonly unknown[], names: readonly string[]): ArgumentProblem | undefined {
  for (let index = 0; index < args.length; index++) {
    const value = args[index]
    if (typeof value === 'string' || typeof value === 'number') continue
    const rule = unsendable(value)
    if (rule !== undefined) return { argument: names[index] ?? `argument ${index + 1}`, rule }
  }
  return undefined
}

const PHASE_BITS: Readonly<Record<Phase, number>> = { certificate: 1, rewrite: 2, access: 4, response: 8, preread: 16, log: 32 }

/** Every phase that an external plugin can handle. */
export const ALL_PHASES = PHASES

const NO_ARGUMENTS: ArgumentRules = {}

/** A method of open-source Kong. */
export function oss<const Name extends string, const Phases extends readonly Phase[]>(
  name: Name,
  phases: Phases,
  rules: ArgumentRules = NO_ARGUMENTS,
  check?: ArgumentCheck,
): PdkMethod<Name, Phases> {
  return new PdkMethod(name, phases, 'oss', rules, check)
}

/** A method that only Kong Gateway Enterprise has. Open-source Kong logs an error line and answers nil. */
export function enterprise<const Name extends string, const Phases extends readonly Phase[]>(
  name: Name,
  phases: Phases,
  rules: ArgumentRules = NO_ARGUMENTS,
): PdkMethod<Name, Phases> {
  return new PdkMethod(name, phases, 'enterprise', rules, undefined)
}

/** A method of kong-ts that calls the Kong function `name`. */
export function helper<const Name extends string, const Phases extends readonly Phase[]>(
  name: Name,
  phases: Phases,
  rules: ArgumentRules = NO_ARGUMENTS,
  check?: ArgumentCheck,
): PdkMethod<Name, Phases> {
  return new PdkMethod(name, phases, 'helper', rules, check)
}
