import { describe, expect, it } from 'vitest'
import { checkSchema, createSchemaChecker, type SchemaProblem } from '../src/index.js'
import { SchemaError } from '../src/index.js'

const pluginSchema = (fields: readonly object[], extra: object = {}): object => ({
  name: 'guard',
  fields: [{ config: { type: 'record', fields, ...extra } }],
})

const check = (schema: unknown, kongVersion = '3.9'): SchemaProblem[] => checkSchema(schema, { kongVersion })

const warningsOf = (field: object, kongVersion = '3.9'): string[] =>
  check(pluginSchema([{ f: field }]), kongVersion).map(({ severity, path, text }) => `${severity} ${path}: ${text}`)

describe('checkSchema', () => {
  it('finds nothing in a sound schema', () => {
    const schema = {
      name: 'guard',
      fields: [
        { protocols: { type: 'set', required: true, default: ['http'], elements: { type: 'string', one_of: ['http', 'https'] } } },
        { consumer: { type: 'foreign', reference: 'consumers', eq: null } },
        {
          config: {
            type: 'record',
            fields: [
              { path: { type: 'string', required: true, match: '^/' } },
              { limits: { type: 'map', keys: { type: 'string' }, values: { type: 'integer', between: [1, 500] } } },
              {
                rules: {
                  type: 'array',
                  default: [],
                  elements: { type: 'record', fields: [{ deny: { type: 'boolean', default: false } }] },
                },
              },
            ],
            entity_checks: [{ at_least_one_of: ['path', 'limits'] }],
          },
        },
      ],
    }
    for (const version of ['2.8.0', '3.0', '3.4.2', '3.9.1', '3.10']) expect(check(schema, version)).toEqual([])
  })

  it("names the place in Kong's counting and as people say it", () => {
    const rules = {
      type: 'array',
      elements: { type: 'record', fields: [{ a: { type: 'string' } }, { b: { type: 'string', len_min: 'x' } }] },
    }
    expect(check(pluginSchema([{ rules }]))).toEqual([
      { path: 'fields[1].fields[1].elements.fields[2].len_min', field: 'config.rules[].b', text: 'expected an integer', severity: 'error' },
    ])
  })

  it('reports attributes that a type cannot have or lacks under the bare field name', () => {
    expect(check(pluginSchema([{ on: { type: 'boolean', one_of: [true] } }]))).toEqual([
      { path: 'on', field: 'on', text: "field of type 'boolean' cannot have attribute 'one_of'", severity: 'error' },
    ])
    expect(check(pluginSchema([{ list: { type: 'array' } }]))).toEqual([
      { path: 'list', field: 'list', text: "field of type 'array' must declare 'elements'", severity: 'error' },
    ])
  })

  it('tries defaults, also those of records with foreign fields', () => {
    expect(check(pluginSchema([{ f: { type: 'string', default: 'b', match: '^a' } }]))).toMatchObject([{ text: 'invalid value: b' }])
    const record = { type: 'record', fields: [{ to: { type: 'foreign', reference: 'services' } }], default: { to: null } }
    expect(check(pluginSchema([{ record }]))).toEqual([])
  })

  it.each([
    ['json', { type: 'json', json_schema: { inline: { type: 'object' } } }, '3.5', '3.4'],
    ['examples', { type: 'string', examples: ['a'] }, '3.6', '3.5'],
    ['deprecation', { type: 'string', deprecation: { message: 'old', removal_in_version: '5.0' } }, '3.7', '3.6'],
    [
      'deprecation.replaced_with',
      { type: 'string', deprecation: { message: 'old', removal_in_version: '5.0', replaced_with: [{ path: ['g'] }] } },
      '3.8',
      '3.7',
    ],
    ['transient', { type: 'string', transient: true }, '3.8', '3.7'],
    ['description', { type: 'string', description: 'ten letters' }, '3.4', '3.3'],
    ['fractions in between', { type: 'number', between: [0.5, 1] }, '3.4', '3.3'],
  ])('knows %s only since the Kong that brought it', (_, field, since, before) => {
    expect(warningsOf(field, since)).toEqual([])
    expect(warningsOf(field, before).some((text) => text.startsWith('error'))).toBe(true)
  })

  it('knows the attributes that Kong 3.0 dropped', () => {
    expect(warningsOf({ type: 'string', legacy: true }, '2.8')).toEqual([])
    expect(warningsOf({ type: 'string', legacy: true }, '3.0')).toHaveLength(1)
  })

  it('refuses top-level fields that the plugins entity lacks or has with another type', () => {
    const withTop = (field: object): SchemaProblem[] =>
      check({ name: 'guard', fields: [field, { config: { type: 'record', fields: [] } }] })
    expect(withTop({ tags: { type: 'array', elements: { type: 'string' } } })).toMatchObject([
      { severity: 'error', text: expect.stringContaining('tags: cannot change type in a specialized field') },
    ])
    expect(withTop({ ordering: { type: 'string' } })).toMatchObject([{ text: expect.stringContaining('cannot create a new field') }])
    expect(withTop({ consumer: { type: 'foreign', reference: 'people' } })).toMatchObject([
      { text: expect.stringContaining('invalid foreign entity: people') },
    ])
  })

  it('takes json for config itself only from Kong 3.9 on', () => {
    const schema = { name: 'guard', fields: [{ config: { type: 'json', json_schema: { inline: { type: 'object' } } } }] }
    expect(check(schema, '3.9')).toEqual([])
    expect(check(schema, '3.8')).toMatchObject([{ severity: 'error' }])
  })

  it.each([[null], [5], ['x'], [[]], [{}], [{ name: 'x', fields: null }], [{ name: 'x', fields: 5 }], [{ fields: [] }]])(
    'refuses %j instead of failing on it',
    (schema) => {
      expect(check(schema).some(({ severity }) => severity === 'error')).toBe(true)
    },
  )

  it('says where a schema makes Kong crash on start', () => {
    const verdict = createSchemaChecker('3.9').judge(pluginSchema([{ f: { type: 'json', json_schema: null } }]))
    expect(verdict).toMatchObject({ accepted: false, stage: 'crash' })
  })

  it('refuses what is no version of Kong', () => {
    for (const version of ['', '3', 'latest', '1.5', '2.7.0', '3.x']) {
      expect(() => check({}, version)).toThrow(SchemaError)
    }
  })
})

describe('warnings of checkSchema: accepted by Kong, but', () => {
  it.each([
    ['len_max on a number crashes', { type: 'number', len_max: 5 }],
    ['gt on a boolean crashes', { type: 'boolean', gt: 1 }],
    ['match_all on an integer crashes', { type: 'integer', match_all: [{ pattern: 'a' }] }],
    ['starts_with on a boolean crashes', { type: 'boolean', starts_with: 'a' }],
    ['between null crashes', { type: 'integer', between: null }],
    ['match null crashes', { type: 'string', match: null }],
    ['one_of with booleans crashes', { type: 'string', one_of: [true] }],
    ['custom_validator null crashes', { type: 'string', custom_validator: null }],
    ['a malformed pattern crashes', { type: 'string', match: '%' }],
    ['a malformed pattern in match_any crashes', { type: 'string', match_any: { patterns: ['a', '['] } }],
    ['a malformed pattern in match_none crashes', { type: 'string', match_none: [{ pattern: '(' }] }],
    ['deprecation null crashes', { type: 'string', deprecation: null }],
    ['a foreign field without a known entity crashes', { type: 'foreign', reference: 'people' }],
    ['inline null crashes', { type: 'json', json_schema: { inline: null, namespace: 'proxy-wasm-filters', parent_subschema_key: 'g' } }],
    ['json in an array is always refused', { type: 'array', elements: { type: 'json', json_schema: { inline: { type: 'object' } } } }],
    ['required null is half true', { type: 'string', required: null }],
    ['err null hides the text', { type: 'string', err: null }],
    ['reversed limits refuse all', { type: 'integer', between: [10, 1] }],
    ['tables are never equal', { type: 'array', elements: { type: 'string' }, eq: ['a'] }],
    ['a record has no length', { type: 'record', fields: [], len_min: 1 }],
    ['JSON has no functions', { type: 'function', required: true }],
  ])('%s', (_, field) => {
    const fields = [{ f: field }, { g: { type: 'string' } }]
    const problems = check(pluginSchema(fields))
    expect(problems.length).toBeGreaterThan(0)
    for (const problem of problems) {
      expect(problem).toMatchObject({
        severity: 'warning',
        field: expect.stringMatching(/^config\.f/),
        path: expect.stringMatching(/^fields\[1\]\.fields\[1\]\./),
      })
    }
  })

  it.each([
    ['an unknown name crashes every config', { only_one_of: ['a', 'zz'] }, 'every config'],
    ['an unknown name always counts as empty', { at_least_one_of: ['a', 'zz'] }, 'always counts as empty'],
    ['a check of nothing does nothing', { conditional: {} }, 'does nothing'],
    ['a condition without its match crashes', { conditional: { if_field: 'a', then_field: 'b', then_match: {} } }, 'if_match'],
    ['sets need both members', { mutually_exclusive_sets: { set1: ['a'] } }, 'set2'],
    ['a check written as a function cannot be in JSON', { custom_entity_check: { field_sources: ['a'] } }, 'fn'],
    [
      'a stray % crashes',
      { conditional: { if_field: 'a', if_match: {}, then_field: 'b', then_match: {}, then_err: '50%' } },
      "invalid option '%' to 'format'",
    ],
  ])('%s', (_, entityCheck, text) => {
    const fields = [{ a: { type: 'string' } }, { b: { type: 'string' } }]
    const problems = check(pluginSchema(fields, { entity_checks: [entityCheck] }))
    expect(problems).toMatchObject([{ severity: 'warning', text: expect.stringContaining(text) }])
  })

  it('warns of names that Kong treats in its own way', () => {
    const twice = check(pluginSchema([{ a: { type: 'string' } }, { a: { type: 'number' } }]))
    expect(twice).toMatchObject([{ field: 'config.a', text: expect.stringContaining('twice') }])
    expect(check(pluginSchema([{ updated_at: { type: 'string' } }]))).toMatchObject([{ text: expect.stringContaining('never validated') }])
    expect(check(pluginSchema([{ $refs: { type: 'string' } }]))).toMatchObject([{ text: expect.stringContaining('vanishes') }])
    expect(check({ ...pluginSchema([]), name: 'services' })).toMatchObject([{ path: 'name', severity: 'warning' }])
    expect(check({ name: 'x', fields: [] })).toMatchObject([{ field: 'config', severity: 'warning' }])
  })
})
