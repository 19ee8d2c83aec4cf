import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeConfig, createConfigCompleter, type ConfigOutcome } from '../src/index.js'
import { SchemaError } from '../src/index.js'

const pluginSchema = (fields: readonly object[], extra: object = {}): object => ({
  name: 'guard',
  fields: [{ config: { type: 'record', fields, ...extra } }],
})

const complete = (field: object, value?: unknown, kongVersion = '3.9'): ConfigOutcome =>
  completeConfig(pluginSchema([{ f: field }]), { config: value === undefined ? {} : { f: value } }, { kongVersion })

const textOf = (outcome: ConfigOutcome): string =>
  outcome.status === 'completed' ? outcome.configText : `${outcome.status}: ${JSON.stringify(outcome)}`

const problemsOf = (outcome: ConfigOutcome): string[] =>
  outcome.status === 'refused' ? outcome.problems.map(({ path, text }) => `${path}: ${text}`) : [outcome.status]

describe('completeConfig', () => {
  it('fills defaults in, also inside records that were not sent, and drops nulls', () => {
    const schema = pluginSchema([
      { limit: { type: 'integer', default: 10 } },
      { note: { type: 'string' } },
      { inner: { type: 'record', fields: [{ on: { type: 'boolean', default: true } }] } },
      { maybe: { type: 'record', required: false, fields: [{ on: { type: 'boolean', default: true } }] } },
    ])
    const outcome = completeConfig(schema, { config: { note: null } }, { kongVersion: '3.9' })
    expect(outcome).toMatchObject({ status: 'completed', config: { limit: 10, inner: { on: true } }, plugin: { enabled: true } })
    expect(textOf(outcome)).toBe('{"inner":{"on":true},"limit":10}')
  })

  it('does not take null for missing: the default stays out', () => {
    expect(textOf(complete({ type: 'string', default: 'd' }, null))).toBe('{}')
    expect(problemsOf(complete({ type: 'string', default: 'd', required: true }, null))).toEqual(['config.f: required field missing'])
  })

  it('gives empty lists and objects the kind of their type, whichever was sent', () => {
    expect(textOf(complete({ type: 'array', elements: { type: 'string' } }, {}))).toBe('{"f":[]}')
    expect(textOf(complete({ type: 'map', keys: { type: 'string' }, values: { type: 'string' } }, []))).toBe('{"f":{}}')
    expect(textOf(complete({ type: 'json', json_schema: { inline: { type: ['array', 'object'] } } }, { a: [] }))).toBe('{"f":{"a":{}}}')
  })

  it('removes what a set has twice before it counts', () => {
    const set = { type: 'set', elements: { type: 'number' }, len_max: 2 }
    expect(textOf(complete(set, [2, 1, 2, 1]))).toBe('{"f":[2,1]}')
    expect(problemsOf(complete(set, [1, 2, 3]))).toEqual(['config.f: length must be at most 2'])
  })

  it('counts strings in bytes, and takes "" only where len_min is 0', () => {
    expect(problemsOf(complete({ type: 'string', len_max: 1 }, 'é'))).toEqual(['config.f: length must be at most 1'])
    expect(problemsOf(complete({ type: 'string' }, ''))).toEqual(['config.f: length must be at least 1'])
    expect(textOf(complete({ type: 'string', len_min: 0 }, ''))).toBe('{"f":""}')
  })

  it('converts nothing', () => {
    expect(problemsOf(complete({ type: 'integer' }, '5'))).toEqual(['config.f: expected an integer'])
    expect(problemsOf(complete({ type: 'integer' }, 2.5))).toEqual(['config.f: expected an integer'])
    expect(problemsOf(complete({ type: 'boolean' }, 1))).toEqual(['config.f: expected a boolean'])
    expect(textOf(complete({ type: 'integer' }, 3))).toBe('{"f":3}')
  })

  it('reports the first failing rule only, in the order of Kong, with err in place of its text', () => {
    const field = { type: 'string', len_min: 3, match: '^a', one_of: ['abc'] }
    expect(problemsOf(complete(field, 'b'))).toEqual(['config.f: expected one of: abc'])
    expect(problemsOf(complete({ ...field, err: 'nope' }, 'b'))).toEqual(['config.f: nope'])
    expect(problemsOf(complete({ ...field, err: 'nope' }, 5))).toEqual(['config.f: expected a string'])
  })

  it('lists the errors of all elements by position, elements before the rules of the list', () => {
    const list = { type: 'array', elements: { type: 'record', fields: [{ a: { type: 'string', required: true } }] }, len_max: 1 }
    const outcome = complete(list, [{ a: 'x' }, {}, { a: 5, b: 1 }])
    expect(problemsOf(outcome)).toEqual([
      'config.f[2].a: required field missing',
      'config.f[3].a: expected a string',
      'config.f[3].b: unknown field',
    ])
    expect(outcome).toMatchObject({ errors: { config: { f: [null, { a: 'required field missing' }, { a: 'expected a string' }] } } })
  })

  it('keeps no_consumer schemas from consumers', () => {
    const schema = {
      name: 'guard',
      fields: [{ consumer: { type: 'foreign', reference: 'consumers', eq: null } }, { config: { type: 'record', fields: [] } }],
    }
    const run = createConfigCompleter(schema, { kongVersion: '3.9' })
    expect(problemsOf(run({ consumer: { id: '5f2b1c3a-0d4e-4f6a-8b9c-0123456789ab' } }))).toEqual(['consumer: value must be null'])
    expect(textOf(run({}))).toBe('{}')
  })

  it('refuses unknown fields and wrong kinds at every level', () => {
    const run = createConfigCompleter(pluginSchema([{ r: { type: 'record', fields: [{ a: { type: 'string' } }] } }]), {
      kongVersion: '3.9',
    })
    expect(problemsOf(run({ config: { r: { b: 1 }, s: 1 }, zz: 1 })).toSorted()).toEqual([
      'config.r.b: unknown field',
      'config.s: unknown field',
      'zz: unknown field',
    ])
    expect(problemsOf(run({ config: { r: 'x' } }))).toEqual(['config.r: expected a record'])
    expect(problemsOf(run({ config: ['x'] }))).toEqual(['config[1]: unknown field'])
  })
})

describe('references', () => {
  const resolve = (reference: string): string | undefined => (reference.includes('known') ? 's3cr3t' : undefined)
  const run = (field: object, value: unknown, kongVersion = '3.9'): ConfigOutcome =>
    completeConfig(pluginSchema([{ f: field }]), { config: { f: value } }, { kongVersion, resolveReference: resolve })

  it('skip every rule, and arrive resolved with their text under $refs', () => {
    const field = { type: 'string', referenceable: true, one_of: ['a'], len_max: 3 }
    expect(textOf(run(field, '{vault://env/known}'))).toBe('{"$refs":{"f":"{vault:\\/\\/env\\/known}"},"f":"s3cr3t"}')
  })

  it('arrive as "" when nobody knows them, even in required fields', () => {
    const field = { type: 'string', referenceable: true, required: true }
    expect(textOf(run(field, '{vault://env/other}'))).toBe('{"$refs":{"f":"{vault:\\/\\/env\\/other}"},"f":""}')
  })

  it('leave holes in $refs for elements that are none', () => {
    const field = { type: 'array', elements: { type: 'string', referenceable: true } }
    expect(textOf(run(field, ['a', '{vault://env/known}']))).toBe('{"$refs":{"f":[null,"{vault:\\/\\/env\\/known}"]},"f":["a","s3cr3t"]}')
  })

  it('are plain text where the field is not referenceable', () => {
    expect(textOf(run({ type: 'string' }, '{vault://env/known}'))).toBe('{"f":"{vault:\\/\\/env\\/known}"}')
  })

  it('keep a check that names their field from running', () => {
    const fields = [{ a: { type: 'string', referenceable: true } }, { b: { type: 'string' } }]
    const schema = pluginSchema(fields, { entity_checks: [{ mutually_exclusive: ['a', 'b'] }] })
    const outcome = completeConfig(schema, { config: { a: '{vault://env/known}', b: 'x' } }, { kongVersion: '3.9' })
    expect(outcome.status).toBe('completed')
  })
})

describe('crashes of Kong', () => {
  it('are an outcome of their own, not an error', () => {
    expect(complete({ type: 'number', len_max: 5 }, 1)).toEqual({
      status: 'crash',
      crash: "attempt to get length of local 'value' (a number value)",
    })
    expect(complete({ type: 'string', match: '[' }, 'a')).toMatchObject({ status: 'crash', crash: "malformed pattern (missing ']')" })
    expect(complete({ type: 'string', match: '[' }).status).toBe('completed')
  })

  it('come from matches on records, whose fields Kong then cannot find', () => {
    const fields = [{ r: { type: 'record', fields: [] } }, { a: { type: 'string' } }]
    const conditional = { if_field: 'r', if_match: {}, then_field: 'a', then_match: { required: true } }
    const schema = pluginSchema(fields, { entity_checks: [{ conditional }] })
    expect(completeConfig(schema, { config: {} }, { kongVersion: '3.9' }).status).toBe('crash')
  })

  it('when a value is read back make the entry unusable', () => {
    expect(complete({ type: 'number' }, Infinity)).toEqual({
      status: 'unusable',
      crash: 'Cannot serialise number: must not be NaN or Infinity',
    })
    expect(complete({ type: 'string', len_min: null }).status).toBe('unusable')
  })

  it('when an unknown name of a check is sent ended with 3.9', () => {
    const schema = pluginSchema([{ a: { type: 'string' } }], { entity_checks: [{ at_least_one_of: ['a', 'zz'] }] })
    const run = (kongVersion: string): ConfigOutcome => completeConfig(schema, { config: { zz: 1 } }, { kongVersion })
    expect(run('3.8').status).toBe('crash')
    expect(problemsOf(run('3.9'))).toEqual(['config.zz: unknown field'])
  })
})

describe('numbers as cjson prints them', () => {
  it.each([
    [0.1, '0.1', '0.1'],
    [-0, '-0', '-0'],
    [100, '100', '100'],
    [1e16, '1e+16', '1e+16'],
    [1e20, '1e+20', '1e+20'],
    [1e-7, '1e-07', '1e-07'],
    [1.5e300, '1.5e+300', '1.5e+300'],
    [33.333333333333336, '33.33333333333334', '33.333333333333'],
    [9007199254740991, '9007199254740991', '9.007199254741e+15'],
    [123456789012345, '123456789012345', '1.2345678901234e+14'],
    [123456789012355, '123456789012355', '1.2345678901236e+14'],
    [0.0001, '0.0001', '0.0001'],
    [9.95, '9.949999999999999', '9.95'],
  ])('%d is %s, before 3.6 %s', (number, text, shortText) => {
    expect(textOf(complete({ type: 'number' }, number, '3.9'))).toBe(`{"f":${text}}`)
    expect(textOf(complete({ type: 'number' }, number, '3.5'))).toBe(`{"f":${shortText}}`)
  })

  it('read back as what they were, to 16 digits', () => {
    const run = createConfigCompleter(pluginSchema([{ f: { type: 'number' } }]), { kongVersion: '3.9' })
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (number) => {
        const { f } = JSON.parse(textOf(run({ config: { f: number } })))
        expect(Math.abs(f - number)).toBeLessThanOrEqual(Math.abs(number) * 1e-15)
      }),
    )
  })
})

describe('any JSON', () => {
  const types = fc.constantFrom<object>(
    { type: 'string', referenceable: true },
    { type: 'array', elements: { type: 'string' } },
    { type: 'set', elements: { type: 'number' } },
    { type: 'map', keys: { type: 'string' }, values: { type: 'array', elements: { type: 'boolean' } } },
    { type: 'record', fields: [{ a: { type: 'record', fields: [{ b: { type: 'integer', default: 5 } }] } }] },
    { type: 'foreign', reference: 'routes' },
    { type: 'json', json_schema: { inline: { type: ['object', 'array', 'string'], additionalProperties: { type: 'string' } } } },
  )

  it('gets one of the four outcomes, and leaves the input as it was', () => {
    fc.assert(
      fc.property(types, fc.jsonValue({ maxDepth: 4 }), (field, value) => {
        const plugin = { config: { f: value } }
        const before = JSON.stringify(plugin)
        const outcome = completeConfig(pluginSchema([{ f: field }]), plugin, { kongVersion: '3.9' })
        expect(['completed', 'refused', 'crash', 'unusable']).toContain(outcome.status)
        if (outcome.status === 'refused') expect(outcome.problems.length).toBeGreaterThan(0)
        expect(JSON.stringify(plugin)).toBe(before)
      }),
      { numRuns: 500 },
    )
  })

  it('that was completed once is completed to the same again', () => {
    fc.assert(
      fc.property(types, fc.jsonValue({ maxDepth: 4 }), (field, value) => {
        const run = createConfigCompleter(pluginSchema([{ f: field }]), { kongVersion: '3.9' })
        const first = run({ config: { f: value } })
        if (first.status !== 'completed' || first.configText.includes('$refs')) return
        expect(textOf(run({ config: first.config }))).toBe(first.configText)
      }),
      { numRuns: 500 },
    )
  })

  it('with keys such as __proto__ is data, and pollutes nothing', () => {
    const map = { type: 'map', keys: { type: 'string' }, values: { type: 'string' } }
    const outcome = complete(map, JSON.parse('{"__proto__":"a","constructor":"b"}'))
    expect(textOf(outcome)).toBe('{"f":{"__proto__":"a","constructor":"b"}}')
    expect(problemsOf(complete({ type: 'record', fields: [] }, JSON.parse('{"__proto__":{"polluted":1}}')))).toEqual([
      'config.f.__proto__: unknown field',
    ])
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('nested beyond all measure is refused with a typed error, as are values that are no JSON', () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 2000; level++) deep = [deep]
    for (const value of [deep, () => 1, 10n]) {
      expect(() => complete({ type: 'array', elements: { type: 'string' } }, value)).toThrow(SchemaError)
    }
  })
})

describe('createConfigCompleter', () => {
  it('says of a schema that Kong does not load why', () => {
    expect(() => createConfigCompleter({ name: 'x', fields: [{ zz: { type: 'string' } }] }, { kongVersion: '3.9' })).toThrow(
      /zz: cannot create a new field\. checkSchema lists every problem\.$/,
    )
    expect(() => createConfigCompleter(null, { kongVersion: '3.9' })).toThrow(SchemaError)
  })

  it('makes a config of its own for each entry', () => {
    const run = createConfigCompleter(pluginSchema([{ f: { type: 'array', elements: { type: 'string' }, default: ['a'] } }]), {
      kongVersion: '3.9',
    })
    const [first, second] = [run({}), run({})]
    expect(textOf(first)).toBe('{"f":["a"]}')
    if (first.status === 'completed' && second.status === 'completed') expect(first.config['f']).not.toBe(second.config['f'])
  })

  it('makes up values for auto fields', () => {
    const run = createConfigCompleter(
      pluginSchema([{ key: { type: 'string', auto: true } }, { id: { type: 'string', auto: true, uuid: true } }]),
      {
        kongVersion: '3.9',
      },
    )
    const outcome = run({})
    expect(outcome).toMatchObject({ config: { key: expect.stringMatching(/^\w{32}$/), id: expect.stringMatching(/^[\da-f-]{36}$/) } })
  })
})

describe('defaults of optional records', () => {
  const field = {
    type: 'record',
    required: false,
    fields: [{ a: { type: 'string' } }, { d: { type: 'string', default: 'dv' } }],
    default: { a: 'x' },
  }

  it('arrive as written, except that Kong 3.6 to 3.8 fills them in', () => {
    expect(textOf(complete(field, undefined, '3.9'))).toBe('{"f":{"a":"x"}}')
    expect(textOf(complete(field, undefined, '3.8'))).toBe('{"f":{"a":"x","d":"dv"}}')
    expect(textOf(complete(field, undefined, '3.4'))).toBe('{"f":{"a":"x"}}')
  })
})
