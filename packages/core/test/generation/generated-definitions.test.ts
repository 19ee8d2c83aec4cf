import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  completeConfig,
  createSchemaChecker,
  generateConfigType,
  generateJsonSchema,
  generateSchemaLua,
  type SchemaChecker,
} from '@kong-ts/schema'
import { createConfigBinder, type PluginDefinition } from '@kong-ts/core/server'
import { generateSchema, generateSchemaFor, oldestKongVersion } from '@kong-ts/core/tooling'
import { type JsonValue } from '@kong-ts/core'
import { definitionCases } from './arbitrary-definition.js'
import { readLua } from './read-lua.js'

type RecordDefinition = PluginDefinition['config']
type FieldType = RecordDefinition['fields'][number]['type']

/** A bound configuration as the JSON it came from. */
function toConfig({ fields }: RecordDefinition, bound: object): JsonValue {
  return Object.fromEntries(
    fields.flatMap(({ name, property, type }) => {
      const value: unknown = Reflect.get(bound, property)
      return value === undefined ? [] : [[name, toJson(type, value)]]
    }),
  )
}

function toJson(type: FieldType, value: unknown): JsonValue {
  switch (type.kind) {
    case 'array':
    case 'set':
      return [...(value as Iterable<unknown>)].map((element) => toJson(type.elements.type, element))
    case 'map': {
      const entries = value instanceof Map ? [...value] : Object.entries(value as object)
      expect(value instanceof Map).toBe(type.container === 'Map')
      for (const [key] of entries)
        expect(typeof key).toBe(type.container === 'Map' && type.keys.type.kind === 'integer' ? 'number' : 'string')
      return Object.fromEntries(entries.map(([key, element]) => [String(key), toJson(type.values.type, element)]))
    }
    case 'record':
      return toConfig(type.record, value as object)
    default:
      return value as JsonValue
  }
}

const checkers = new Map<string, SchemaChecker>()

function checkerFor(kongVersion: string): SchemaChecker {
  const checker = checkers.get(kongVersion) ?? createSchemaChecker(kongVersion)
  checkers.set(kongVersion, checker)
  return checker
}

describe('any definition', () => {
  it('yields a schema that Kong takes without a warning, for the oldest Kong that knows all of it and for older ones', () => {
    fc.assert(
      fc.property(definitionCases, ({ definition }) => {
        for (const kongVersion of ['3.9', oldestKongVersion(definition)])
          expect(checkerFor(kongVersion).check(generateSchema(definition))).toEqual([])
        for (const kongVersion of ['2.8', '3.4'])
          expect(checkerFor(kongVersion).check(generateSchemaFor(definition, kongVersion).schema)).toEqual([])
      }),
      { numRuns: 80 },
    )
  })

  it('yields a binder that loses nothing: what Kong sends, bound and written again, is the same', async () => {
    let completed = 0
    await fc.assert(
      fc.asyncProperty(definitionCases, async ({ definition, config }) => {
        const outcome = completeConfig(generateSchema(definition), { config }, { kongVersion: '3.9' })
        expect(outcome).not.toHaveProperty('crash')
        if (outcome.status !== 'completed') return
        completed++
        const binder = createConfigBinder(definition)
        const bound = {}
        await binder.bind(binder.read(JSON.stringify({ ...outcome.config, __seq__: 1, __plugin_id: 'p' })), bound)
        expect(toConfig(definition.config, bound)).toEqual(JSON.parse(outcome.configText))
      }),
      { numRuns: 200 },
    )
    expect(completed).toBeGreaterThan(120)
  })

  it('yields a JSON Schema that accepts what Kong accepts', () => {
    fc.assert(
      fc.property(definitionCases, ({ definition, config }) => {
        const schema = generateSchema(definition)
        if (completeConfig(schema, { config }, { kongVersion: '3.9' }).status !== 'completed') return
        const ajv = new Ajv2020({ strict: false, validateFormats: false, ownProperties: true })
        const validate = ajv.compile(generateJsonSchema(schema) as object)
        expect(validate(config), JSON.stringify(validate.errors)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('yields a schema.lua that means the same schema', () => {
    fc.assert(
      fc.property(definitionCases, ({ definition }) => {
        const schema = generateSchema(definition)
        expect(readLua(generateSchemaLua(schema))).toEqual(withoutEmpty(JSON.parse(JSON.stringify(schema))))
      }),
      { numRuns: 100 },
    )
  })

  it('yields a type with every field of config', () => {
    fc.assert(
      fc.property(definitionCases, ({ definition }) => {
        const type = generateConfigType(generateSchema(definition))
        expect(type).toMatch(/^\/\*\* .* \*\/\nexport interface GeneratedConfig \{\n/)
        for (const { name } of definition.config.fields) expect(type).toContain(`\n  readonly ${name}`)
      }),
      { numRuns: 50 },
    )
  })
})

/** Lua has one empty table for both. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? {} : value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutEmpty(member)]))
}
