// Type test: `tsc -p packages/core/test` checks it, nothing runs it.
import { expectTypeOf } from 'vitest'
import type { PDK, Phase, PhasePDK } from '@kong-ts/core'

/** What a phase decorator asks of a handler. */
type Handler<P extends Phase> = (kong: PhasePDK<P>) => unknown

// A handler may take the PDK in every phase.
expectTypeOf<(kong: PDK) => void>().toExtend<Handler<'access'>>()
expectTypeOf<(kong: PDK) => void>().toExtend<Handler<'log'>>()
expectTypeOf<(kong: PDK) => void>().toExtend<Handler<'certificate'>>()

// It may take the PhasePDK of its own phase, or of several phases that include it.
expectTypeOf<(kong: PhasePDK<'access'>) => void>().toExtend<Handler<'access'>>()
expectTypeOf<(kong: PhasePDK<'access' | 'rewrite'>) => void>().toExtend<Handler<'access'>>()
expectTypeOf<(kong: PhasePDK<'access' | 'log'>) => void>().toExtend<Handler<'log'>>()

// It may not take the PhasePDK of another phase.
expectTypeOf<(kong: PhasePDK<'access'>) => void>().not.toExtend<Handler<'log'>>()
expectTypeOf<(kong: PhasePDK<'log'>) => void>().not.toExtend<Handler<'access'>>()
expectTypeOf<(kong: PhasePDK<'rewrite' | 'access'>) => void>().not.toExtend<Handler<'response'>>()

// The object that is passed fits: a PDK in that phase.
expectTypeOf<PDK & { readonly phase: 'access' }>().toExtend<PhasePDK<'access'>>()
expectTypeOf<PhasePDK<'access'>>().toExtend<PDK>()

// The phase is known.
expectTypeOf<PhasePDK<'log'>['phase']>().toEqualTypeOf<'log'>()
expectTypeOf<PDK['phase']>().toEqualTypeOf<Phase | undefined>()
