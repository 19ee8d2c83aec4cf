import { describe, expectTypeOf, it } from 'vitest'
import type { PDK, Phase, PhasePDK } from '../../src/index.js'

/** What a phase decorator asks of a handler. */
type Handler<P extends Phase> = (kong: PhasePDK<P>) => unknown

describe('the type of a phase handler', () => {
  it('accepts PDK in every phase', () => {
    expectTypeOf<(kong: PDK) => void>().toExtend<Handler<'access'>>()
    expectTypeOf<(kong: PDK) => void>().toExtend<Handler<'log'>>()
    expectTypeOf<(kong: PDK) => void>().toExtend<Handler<'certificate'>>()
  })

  it('accepts the PhasePDK of its own phase, or of several phases it is one of', () => {
    expectTypeOf<(kong: PhasePDK<'access'>) => void>().toExtend<Handler<'access'>>()
    expectTypeOf<(kong: PhasePDK<'access' | 'rewrite'>) => void>().toExtend<Handler<'access'>>()
    expectTypeOf<(kong: PhasePDK<'access' | 'log'>) => void>().toExtend<Handler<'log'>>()
  })

  it('refuses the PhasePDK of another phase', () => {
    expectTypeOf<(kong: PhasePDK<'access'>) => void>().not.toExtend<Handler<'log'>>()
    expectTypeOf<(kong: PhasePDK<'log'>) => void>().not.toExtend<Handler<'access'>>()
    expectTypeOf<(kong: PhasePDK<'rewrite' | 'access'>) => void>().not.toExtend<Handler<'response'>>()
  })

  it('accepts the very object that is passed: a PDK in that phase', () => {
    expectTypeOf<PDK & { readonly phase: 'access' }>().toExtend<PhasePDK<'access'>>()
    expectTypeOf<PhasePDK<'access'>>().toExtend<PDK>()
  })

  it('knows the phase', () => {
    expectTypeOf<PhasePDK<'log'>['phase']>().toEqualTypeOf<'log'>()
    expectTypeOf<PDK['phase']>().toEqualTypeOf<Phase | undefined>()
  })
})
