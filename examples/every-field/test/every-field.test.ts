import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { buildPluginDefinition } from '@kong-ts/core/server'
import { checkSchema, completeConfig, generateConfigType, generateJsonSchema, generateSchemaLua } from '@kong-ts/schema'
import { generateSchema, generateSchemaFor, oldestKongVersion } from '@kong-ts/core/tooling'
import { createScenario, scenarioPlaces } from '@kong-ts/testing'
import '@kong-ts/testing/vitest'
import type { EveryFieldConfig } from '../config-type.js'
import { EveryField } from '../src/every-field.js'

const folder = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string): Promise<string> => readFile(`${folder}/${file}`, 'utf8')

const CONFIG: EveryFieldConfig = {
  text: { language: 'de' },
  numbers: { max_calls: 20 },
  rules: [{ path: '/admin' }],
  tags: ['a', 'x', 'a'],
  messages: { 404: 'nothing here' },
  caches: { near: { host: 'localhost' } },
}

describe('every-field: the generated files', () => {
  const definition = buildPluginDefinition(EveryField)
  const schema = generateSchema(definition)

  // After a change of the class: npm run build, then `kong-ts schema` with each --format into the file.
  it('are what `kong-ts schema` makes of the class', async () => {
    expect(`${JSON.stringify(schema, null, 2)}\n`).toBe(await read('schema.json'))
    expect(generateSchemaLua(schema)).toBe(await read('schema.lua'))
    expect(`${JSON.stringify(generateJsonSchema(schema), null, 2)}\n`).toBe(await read('config.schema.json'))
    expect(generateConfigType(schema)).toBe(await read('config-type.ts'))
  })

  it('are taken by Kong, and by older ones once newer attributes are left out', () => {
    expect(oldestKongVersion(definition)).toBe('3.8')
    expect(checkSchema(schema, { kongVersion: '3.8' })).toEqual([])
    expect(checkSchema(schema, { kongVersion: '3.7' }).map(({ text }) => text)).toContain('unknown field')
    for (const kongVersion of ['3.7', '3.6', '3.5']) {
      const fitted = generateSchemaFor(definition, kongVersion)
      expect(fitted.warnings.length).toBeGreaterThan(0)
      expect(checkSchema(fitted.schema, { kongVersion })).toEqual([])
    }
  })

  it('hold the checks over several fields', () => {
    const refused = (config: object): string[] => {
      const outcome = completeConfig(schema, { config: { ...CONFIG, ...config } }, { kongVersion: '3.9' })
      return outcome.status === 'refused' ? outcome.problems.map(({ text }) => text) : [outcome.status]
    }
    expect(refused({})).toEqual(['completed'])
    expect(refused({ mode: 'redis' })).toContain('redis needs a host')
    expect(refused({ secret: 'x' })).toEqual(["all or none of these fields must be set: 'user', 'secret'"])
    expect(refused({ fallback: 'one' })).toEqual(["values of these fields must be distinct: 'primary', 'fallback'"])
    expect(refused({ secondary: 'two' })).toEqual(["exactly one of these fields must be non-empty: 'primary', 'secondary'"])
  })
})

describe.each(scenarioPlaces())('every-field in %s', (place) => {
  const scenario = createScenario(EveryField, { place, script: new URL('../dist/main.js', import.meta.url), config: { ...CONFIG } })
  afterAll(() => scenario.close())

  it('gets its configuration completed and bound', async () => {
    const result = await scenario.request().run()
    expect(result).toHaveExited(200)
    expect(result.response?.json()).toEqual({
      language: 'de',
      numbers: { ratio: 1, weight: 1, status: 302, maxCalls: 20, seconds: 60 },
      rules: [{ path: '/admin', action: 'deny', methods: ['GET'] }],
      tags: ['a', 'x'],
      points: [],
      weights: {},
      messages: [[404, 'nothing here']],
      caches: ['near'],
      mode: 'memory',
    })
  })
})
