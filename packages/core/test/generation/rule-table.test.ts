import * as classValidator from 'class-validator'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Access, Field, Plugin } from '@kong-ts/core'
import { RULE_TABLE, generateSchema } from '@kong-ts/core/tooling'
import { buildPluginDefinition } from '@kong-ts/core/server'
import { createConfigCompleter } from '@kong-ts/schema'
import { RULE_USES } from './rule-uses.js'

enum Size {
  Small = 'small',
  Large = 'large',
}

describe('the rule table', () => {
  it('has one row for each rule of class-validator', () => {
    const rules = Object.values(classValidator).filter((value): value is string => typeof value === 'string')
    expect(rules.length).toBeGreaterThanOrEqual(97)
    const rows = RULE_TABLE.map(({ rule }) => rule)
    expect(rows.toSorted()).toEqual([...new Set(rules)].toSorted())
  })

  it('is tried row by row', () => {
    expect([...new Set(RULE_USES.map(({ rule }) => rule))].toSorted()).toEqual(RULE_TABLE.map(({ rule }) => rule).toSorted())
  })

  it.each(RULE_USES.map((use) => [use.title, use] as const))(
    '%s: Kong refuses nothing that class-validator accepts, and the same where it says so',
    (_title, use) => {
      class Probe {
        value: unknown
        @Access() access() {}
      }
      const options = {
        type: use.type,
        required: false,
        ...(use.type === 'array' || use.type === 'set' ? { elements: use.elements ?? 'string' } : {}),
        ...(use.type === 'map' ? { values: 'string' } : {}),
      }
      Reflect.apply(Field, undefined, [options])(Probe.prototype, 'value')
      use.decorate(Probe.prototype, 'value')
      Plugin('1.0.0', 1)(Probe)
      const definition = buildPluginDefinition(Probe)
      const complete = createConfigCompleter(generateSchema(definition), { kongVersion: '3.9' })
      const exact = definition.config.fields[0]?.lateRules.length === 0
      expect(exact).toBe(use.exact)

      function accepts(value: unknown): { readonly kong: boolean; readonly rule: boolean } {
        const outcome = complete({ config: { value } })
        expect(outcome.status, JSON.stringify(outcome)).toMatch(/completed|refused/)
        const probe = new Probe()
        probe.value = value
        return { kong: outcome.status === 'completed', rule: classValidator.validateSync(probe).length === 0 }
      }
      for (const value of use.valid) expect({ value, ...accepts(value) }).toEqual({ value, kong: true, rule: true })
      for (const value of use.invalid) {
        const { kong, rule } = accepts(value)
        expect({ value, rule }).toEqual({ value, rule: false })
        if (exact) expect({ value, kong }).toEqual({ value, kong: false })
      }
      fc.assert(
        fc.property(use.values, (value) => {
          const { kong, rule } = accepts(value)
          // Text that no rule speaks about is not empty in Kong.
          if (value === '' && exact === false && rule === false) return
          if (rule) expect({ value, kong }).toEqual({ value, kong: true })
          else if (exact) expect({ value, kong }).toEqual({ value, kong: false })
        }),
        { numRuns: 60 },
      )
    },
  )
})

describe('several rules on one property', () => {
  @Plugin('1.0.0', 1)
  class Ruled {
    @Field() @classValidator.IsInt() @classValidator.Min(1) @classValidator.Max(9) range = 1
    @Field() @classValidator.IsInt() @classValidator.Min(1) open = 1
    @Field() @classValidator.IsString() @classValidator.IsNotEmpty() filled!: string
    @Field() @classValidator.IsString() text!: string
    @Field() @classValidator.IsIn(['a', 'b', 'c']) @classValidator.IsNotIn(['b']) letter = 'a'
    @Field() @classValidator.Matches(/^\d/) @classValidator.Matches(/x$/) both = '1x'
    @Field() @classValidator.IsHexColor() @classValidator.IsOctal() strange = '777'
    @Field({ between: [0, 5] }) @classValidator.Max(3) narrowed = 1
    @Field() @classValidator.IsEnum(Size) size = Size.Small
    @Field({ elements: String }) @classValidator.IsIn(['x', 'y'], { each: true }) @classValidator.ArrayMaxSize(2) list: string[] = []
    @Field() @classValidator.ValidateIf(() => true) @classValidator.IsUrl() url = 'http://a.b'
    @Access() access() {}
  }
  const definition = buildPluginDefinition(Ruled)
  const field = (name: string) => definition.config.fields.find((candidate) => candidate.name === name)

  it('become one set of attributes', () => {
    expect(Object.fromEntries(definition.config.fields.map(({ name, attributes }) => [name, attributes]))).toEqual({
      range: { between: [1, 9] },
      open: { gt: 0 },
      filled: {},
      text: { len_min: 0 },
      letter: { one_of: ['a', 'b', 'c'], not_one_of: ['b'] },
      both: { match: '^[0-9]', match_all: [{ pattern: 'x$' }] },
      strange: { match_any: { patterns: ['^#?%x%x%x$', '^#?%x%x%x%x$', '^#?%x%x%x%x%x%x$', '^#?%x%x%x%x%x%x%x%x$'] } },
      narrowed: { between: [0, 3] },
      size: { one_of: ['small', 'large'] },
      list: { len_max: 2 },
      url: {},
    })
  })

  it('are for the elements with each', () => {
    expect(field('list')?.type).toMatchObject({ kind: 'array', elements: { attributes: { one_of: ['x', 'y'] } } })
  })

  it('are checked late where one schema cannot say both, or Kong cannot say them', () => {
    expect(field('strange')?.lateRules).toEqual(['isOctal'])
    expect(field('url')?.lateRules).toEqual(['custom rule', 'isUrl'])
    expect(field('range')?.lateRules).toEqual([])
  })
})
