import { describe, expect, it } from 'vitest'
import { completeConfig, type ConfigOutcome } from '../src/index.js'

const complete = (inline: object, value: unknown): ConfigOutcome =>
  completeConfig(
    { name: 'x', fields: [{ config: { type: 'record', fields: [{ f: { type: 'json', json_schema: { inline } } }] } }] },
    { config: { f: value } },
    { kongVersion: '3.9' },
  )

const verdict = (inline: object, value: unknown): string => {
  const outcome = complete(inline, value)
  if (outcome.status === 'refused') return outcome.problems.map(({ text }) => text).join()
  return outcome.status === 'completed' ? 'ok' : `${outcome.status}: ${outcome.crash}`
}

describe('fields of type json', () => {
  it.each<[object, unknown, string]>([
    [{ type: 'object' }, null, 'wrong type: expected object, got null'],
    [{ type: ['string', 'null'] }, null, 'ok'],
    [{ type: 'integer' }, 3, 'ok'],
    [{ type: 'integer' }, 3.5, 'wrong type: expected integer, got number'],
    [{ type: 'array' }, {}, 'ok'],
    [{ type: 'object' }, [], 'ok'],
    [{ required: ['a'] }, {}, 'property a is required'],
    [{ properties: { a: { type: 'string' } } }, { a: 1 }, 'property a validation failed: wrong type: expected string, got integer'],
    [{ properties: { a: {} }, additionalProperties: false }, { b: 1 }, 'additional properties forbidden, found b'],
    [
      { additionalProperties: { type: 'string' } },
      { b: 1 },
      'failed to validate additional property b: wrong type: expected string, got integer',
    ],
    [
      { patternProperties: { '^x': { type: 'string' } } },
      { x1: 1 },
      'failed to validate x1 (matching ^x): wrong type: expected string, got integer',
    ],
    [{ minProperties: 2 }, { a: 1 }, 'expect object to have at least 2 properties'],
    [{ maxProperties: 1 }, { a: 1, b: 1 }, 'expect object to have at most 1 properties'],
    [{ dependencies: { a: ['b'] } }, { a: 1 }, 'property b is required when a is set'],
    [{ dependencies: { a: { required: ['c'] } } }, { a: 1 }, 'failed to validate dependent schema for a: property c is required'],
    [{ items: { type: 'integer' } }, [1, 'a'], 'failed to validate item 2: wrong type: expected integer, got string'],
    [{ items: [{}, {}], additionalItems: false }, [1, 2, 3], 'found unexpected extra items in array'],
    [{ minItems: 1 }, [], 'expect array to have at least 1 items'],
    [{ maxItems: 1 }, [1, 2], 'expect array to have at most 1 items'],
    [{ uniqueItems: true }, [1, { a: [] }, { a: {} }], 'expected unique items but items 3 and 2 are equal'],
    [{ minLength: 2 }, 'é', 'string too short, expected at least 2, got 1'],
    [{ maxLength: 1 }, 'ab', 'string too long, expected at most 1, got 2'],
    [{ pattern: '^a' }, 'b"', 'failed to match pattern ^a with "b\\""'],
    [{ minimum: 2, exclusiveMinimum: true }, 2, 'expected 2 to be sctrictly greater than 2'],
    [{ maximum: 2 }, 2.5, 'expected 2.5 to be smaller than 2'],
    [{ multipleOf: 0.5 }, 1.5, 'ok'],
    [{ multipleOf: 2 }, 3, 'expected 3 to be a multiple of 2'],
    [{ enum: ['a', { b: 1 }] }, { b: 1 }, 'ok'],
    [{ enum: ['a'] }, 'b', 'matches none of the enum values'],
    [{ allOf: [{ type: 'string' }, { minLength: 2 }] }, 'a', 'allOf 2 failed: string too short, expected at least 2, got 1'],
    [{ oneOf: [{ type: 'number' }, { type: 'integer' }] }, 1, 'value should match only one schema, but matches both schemas 1 and 2'],
    [{ oneOf: [{ type: 'number' }] }, 'a', 'value should match only one schema, but matches none'],
    [{ not: { type: 'string' } }, 'a', "value wasn't supposed to match schema"],
    [{ format: 'date' }, '2024-02-29', 'ok'],
    [{ format: 'date' }, '2023-02-29', 'expected valid "date", got "2023-02-29"'],
    [{ format: 'date' }, '2024-02-30', 'expected valid leap year date, got "2024-02-30"'],
    [{ format: 'date-time' }, '2024-01-01T10:00:00+02:00', 'ok'],
    [{ format: 'date-time' }, '2024-01-01 10:00', 'expected valid "date-time", got "2024-01-01 10:00"'],
    [{ format: 'time' }, '24:00:00Z', 'expected valid "time", got "24:00:00Z"'],
    [{ format: 'email' }, 'no', 'ok'],
    [{ const: 5 }, 6, 'ok'],
  ])('%j on %j: %s', (inline, value, text) => {
    expect(verdict(inline, value)).toBe(text)
  })

  it('follow references inside the schema and to the draft-4 meta schema', () => {
    const tree = {
      type: 'object',
      properties: { next: { $ref: '#' }, leaf: { $ref: '#/definitions/leaf' } },
      definitions: { leaf: { type: 'integer' } },
    }
    expect(verdict(tree, { next: { next: { leaf: 1 } } })).toBe('ok')
    expect(verdict(tree, { next: { leaf: 'x' } })).toContain('expected integer, got string')
    const meta = { properties: { s: { $ref: 'http://json-schema.org/draft-04/schema#' } } }
    expect(verdict(meta, { s: { type: 'string' } })).toBe('ok')
    expect(verdict(meta, { s: { minLength: -1 } })).toContain('expected -1 to be greater than 0')
  })

  it.each<[string, object]>([
    ['leads outside', { properties: { a: { $ref: 'http://example.org/x' } } }],
    ['leads nowhere', { properties: { a: { $ref: '#/definitions/none' } } }],
    ['leads to itself', { $ref: '#/definitions/a', definitions: { a: { $ref: '#/definitions/a' } } }],
  ])('crash for every value on a reference that %s', (_, inline) => {
    expect(complete(inline, 'x').status).toBe('crash')
  })

  it('crash on a schema that refers to itself without looking at a part of the value', () => {
    expect(complete({ allOf: [{ $ref: '#' }] }, 'x').status).toBe('crash')
  })
})

describe("traps of Kong's JSON-schema library", () => {
  it('additionalProperties false alone forbids nothing', () => {
    expect(verdict({ additionalProperties: false }, { a: 1 })).toBe('ok')
  })

  it('an enum in which something follows null crashes, one that ends in null does not', () => {
    expect(complete({ enum: [null, 'a'] }, 'a').status).toBe('crash')
    expect(verdict({ enum: ['a', null] }, null)).toBe('ok')
  })

  it('after the members of a value, rules go by the type of the last member', () => {
    expect(complete({ maximum: 0, items: { type: 'integer' } }, [1]).status).toBe('crash')
    expect(verdict({ minLength: 5, items: { type: 'integer' } }, [1])).toBe('ok')
  })
})
