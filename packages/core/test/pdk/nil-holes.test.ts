import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packArguments } from '../../src/pdk/call/lua-arguments.js'
import { argumentsKongSees } from './luajit-table.js'

describe('trap 6, nil holes', () => {
  it.each([
    { args: ['a', null, 'c'], seen: 1 },
    { args: [null, null, 'c'], seen: 0 },
    { args: [null, 'b'], seen: 2 },
    { args: [null, 'b', 'c'], seen: 3 },
    { args: ['a', null, 'c', 'd'], seen: 4 },
    { args: ['a', null, null, 'd'], seen: 4 },
    { args: [null, null, 'c', 'd', 'e'], seen: 5 },
    { args: ['a', null, 'c', 'd', 'e'], seen: 5 },
    { args: ['a', 'b', 'c', null, 'e'], seen: 3 },
  ])('$args: a real Kong sees $seen of them', ({ args, seen }) => {
    expect(argumentsKongSees(args)).toBe(seen)
  })

  it('are padded so that Kong sees every argument, in its place', () => {
    const argument = fc.oneof(fc.constant(undefined), fc.constant(null), fc.string(), fc.integer(), fc.boolean())
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 24 }), (args) => {
        const packed = packArguments(args)
        const last = args.findLastIndex((value) => value !== undefined && value !== null)
        expect(packed.slice(0, last + 1)).toEqual(args.slice(0, last + 1))
        expect(argumentsKongSees(packed)).toBeGreaterThan(last)
      }),
      { numRuns: 2_000 },
    )
  })

  it('cost nothing where there are none', () => {
    expect(packArguments(['a', 'b', 'c'])).toEqual(['a', 'b', 'c'])
    expect(packArguments(['a', undefined, undefined])).toEqual(['a'])
    expect(packArguments([undefined, 'b'])).toEqual([undefined, 'b'])
  })
})
