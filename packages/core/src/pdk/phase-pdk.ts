import type { Phase } from '../phase/phase.js'
import type { PDK } from './pdk.js'
import type { PDK_METHODS } from './pdk-methods.js'

type Methods = typeof PDK_METHODS

/** The phases that allow a method, told by its namespace and name. A method without an entry, such as `kong.raw`, is allowed everywhere. */
type PhasesOf<Namespace extends string, Name> = Namespace extends keyof Methods
  ? Name extends keyof Methods[Namespace]
    ? Methods[Namespace][Name] extends { readonly phases: readonly (infer Allowed)[] }
      ? Allowed
      : never
    : Phase
  : Phase

/**
 * What `this` would have to be for a call that Kong raises on: nothing is, so the call does not compile, and the message tells where it may
 * be made. It is the same in every phase, so that a handler of several phases is one of each.
 */
export interface OnlyInPhases<Name extends string, Allowed> {
  readonly method: `kong.${Name}`
  readonly allowedPhases: Allowed
}

type Join<Namespace extends string, Name> = Name extends string ? (Namespace extends '' ? Name : `${Namespace}.${Name}`) : never

/** A namespace in which the methods that the phase does not allow cannot be called. */
type InPhase<T, Namespace extends string, P extends Phase> = {
  readonly [Name in keyof T]: Name extends symbol
    ? T[Name]
    : T[Name] extends (...args: infer Args) => infer Answer
      ? [P] extends [PhasesOf<Namespace, Name>]
        ? T[Name]
        : (this: OnlyInPhases<Join<Namespace, Name>, PhasesOf<Namespace, Name>>, ...args: Args) => Answer
      : Name extends 'phase'
        ? P
        : T[Name] extends AbortSignal
          ? T[Name]
          : InPhase<T[Name], Join<Namespace, Name>, P>
}

/**
 * The PDK in one phase: what Kong raises on there does not compile. `PhasePDK<'access' | 'response'>` is for a handler of several phases
 * and allows what all of them allow.
 *
 * A `PhasePDK` can be passed wherever a `PDK` is wanted, and is one.
 */
export type PhasePDK<P extends Phase> = InPhase<PDK, '', P>
