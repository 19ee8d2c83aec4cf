// Checked by the compiler (`tsc -p packages/core/test`); nothing here runs.
import { expectTypeOf } from 'vitest'
import type { PDK, Phase, PhasePDK } from '../../src/index.js'
import type { NotInThisPhase } from '../../src/pdk/phase-pdk.js'

/** What a phase decorator asks of a handler. */
type Handler<P extends Phase> = (kong: PhasePDK<P>) => unknown

// A handler that takes PDK is accepted in every phase.
expectTypeOf<(kong: PDK) => void>().toExtend<Handler<'access'>>()
expectTypeOf<(kong: PDK) => void>().toExtend<Handler<'log'>>()
expectTypeOf<(kong: PDK) => void>().toExtend<Handler<'certificate'>>()

// So is one that takes the PhasePDK of this phase, or of several phases with this one among them.
expectTypeOf<(kong: PhasePDK<'access'>) => void>().toExtend<Handler<'access'>>()
expectTypeOf<(kong: PhasePDK<'access' | 'rewrite'>) => void>().toExtend<Handler<'access'>>()
expectTypeOf<(kong: PhasePDK<'access' | 'log'>) => void>().toExtend<Handler<'access'>>()
expectTypeOf<(kong: PhasePDK<'access' | 'log'>) => void>().toExtend<Handler<'log'>>()
expectTypeOf<(kong: PhasePDK<Phase>) => void>().toExtend<Handler<'preread'>>()

// The PhasePDK of another phase is not.
expectTypeOf<(kong: PhasePDK<'access'>) => void>().not.toExtend<Handler<'log'>>()
expectTypeOf<(kong: PhasePDK<'log'>) => void>().not.toExtend<Handler<'access'>>()
expectTypeOf<(kong: PhasePDK<'rewrite' | 'access'>) => void>().not.toExtend<Handler<'response'>>()

// What a handler is given is a PhasePDK, and a PhasePDK can be passed to a function that takes a PDK.
expectTypeOf<PDK & { readonly phase: 'access' }>().toExtend<PhasePDK<'access'>>()
expectTypeOf<PhasePDK<'access'>>().toExtend<PDK>()
expectTypeOf<PhasePDK<'access' | 'log'>>().toExtend<PDK>()

expectTypeOf<PhasePDK<'log'>['phase']>().toEqualTypeOf<'log'>()
expectTypeOf<PDK['phase']>().toEqualTypeOf<Phase | undefined>()

/** Calls of the wrong phase do not compile. */
export function inLog(kong: PhasePDK<'log'>): void {
  void kong.log.serialize()
  void kong.raw('kong.request.get_header', 'host')
  // @ts-expect-error -- Kong raises on it in log
  void kong.request.getBody()
  // @ts-expect-error -- Kong raises on it in log
  void kong.service.request.setHeader('a', 'b')
}

/** A handler of several phases may only call what all of them allow. */
export function inAccessAndLog(kong: PhasePDK<'access' | 'log'>): void {
  void kong.request.getHeader('host')
  // @ts-expect-error -- Kong raises on it in log
  void kong.request.getMethod()
  // @ts-expect-error -- Kong raises on it in access
  void kong.log.serialize()
}

// The compiler tells why in a sentence, which names only the phases that do not allow the call.
type Told<Method> = Method extends (this: infer This, ...args: never[]) => unknown ? This : never
expectTypeOf<Told<PhasePDK<'log'>['request']['getBody']>>().toEqualTypeOf<
  NotInThisPhase<'kong.request.getBody cannot be called in the log phase, only in rewrite, access, response'>
>()
expectTypeOf<Told<PhasePDK<'access' | 'log'>['log']['serialize']>>().toEqualTypeOf<
  NotInThisPhase<'kong.log.serialize cannot be called in the access phase, only in log'>
>()
expectTypeOf<Told<PhasePDK<'rewrite' | 'access' | 'log'>['service']['setRetries']>>().toEqualTypeOf<
  NotInThisPhase<
    | 'kong.service.setRetries cannot be called in the rewrite phase, only in access'
    | 'kong.service.setRetries cannot be called in the log phase, only in access'
  >
>()
