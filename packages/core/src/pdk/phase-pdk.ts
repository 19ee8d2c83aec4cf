import type { Phase } from '../phase/phase.js'
import type { PDK_METHODS } from './methods/pdk-methods.js'
import type { PDK } from './pdk.js'

type Methods = typeof PDK_METHODS

/**
 * The phases that allow a method, as a tuple. A method that is not in the table, such as `kong.raw`, has none and is allowed everywhere.
 */
type PhasesOf<Namespace extends string, Name> = Namespace extends keyof Methods
  ? Name extends keyof Methods[Namespace]
    ? Methods[Namespace][Name] extends { readonly phases: infer Phases }
      ? Phases
      : never
    : readonly Phase[]
  : readonly Phase[]

type List<Words> = Words extends readonly [infer Word extends string]
  ? Word
  : Words extends readonly [infer Word extends string, ...infer Rest]
    ? `${Word}, ${List<Rest>}`
    : never

/**
 * The `this` of a method that must not be called in a phase. No object has such a member, so the call does not compile, and the compiler
 * shows the message.
 *
 * The message is a member and not a text, because a handler for several phases must be accepted as a handler for one of them: an object
 * with several such members can be used as one with a single member.
 */
export type NotInThisPhase<Message extends string> = { readonly [M in Message]: never }

type Refusal<Path extends string, Phases, P extends Phase> = Phases extends readonly Phase[]
  ? NotInThisPhase<`kong.${Path} cannot be called in the ${Exclude<P, Phases[number]>} phase, only in ${List<Phases>}`>
  : never

type Join<Namespace extends string, Name> = Name extends string ? (Namespace extends '' ? Name : `${Namespace}.${Name}`) : never

type MethodInPhase<
  Method,
  Args extends readonly unknown[],
  Answer,
  Path extends string,
  Phases,
  P extends Phase,
> = Phases extends readonly (infer Allowed)[]
  ? [P] extends [Allowed]
    ? Method
    : (this: Refusal<Path, Phases, P>, ...args: Args) => Answer
  : never

/** A namespace in which the methods that the phase does not allow cannot be called. */
type InPhase<T, Namespace extends string, P extends Phase> = {
  readonly [Name in keyof T]: Name extends symbol
    ? T[Name]
    : T[Name] extends (...args: infer Args) => infer Answer
      ? MethodInPhase<T[Name], Args, Answer, Join<Namespace, Name>, PhasesOf<Namespace, Name>, P>
      : Name extends 'phase'
        ? P
        : T[Name] extends AbortSignal
          ? T[Name]
          : InPhase<T[Name], Join<Namespace, Name>, P>
}

/**
 * The PDK in one phase: calls on which Kong raises there do not compile, and the compiler tells why, for example
 * `kong.request.getBody cannot be called in the log phase, only in rewrite, access, response`.
 *
 * `PhasePDK<'access' | 'response'>` is for a handler of several phases and allows only what all of them allow. A `PhasePDK` can be passed
 * wherever a `PDK` is wanted. That is why editors still offer the methods that cannot be called.
 */
export type PhasePDK<P extends Phase> = InPhase<PDK, '', P>
