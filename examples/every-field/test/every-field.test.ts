import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkSchema, completeConfig, type KongSchema } from '@kong-ts/schema'
import { createScenario, scenarioPlaces } from '@kong-ts/testing'
import '@kong-ts/testing/vitest'
import type { EveryFieldConfig } from '../config-type.js'
import { EveryField } from '../src/every-field.js'

const run = promisify(execFile)
const FOLDER = fileURLToPath(new URL('..', import.meta.url))
const KONG_TS = join(dirname(createRequire(import.meta.url).resolve('@kong-ts/cli/package.json')), 'bin', 'kong-ts.js')

function read(file: string): Promise<string> {
  return readFile(join(FOLDER, file), 'utf8')
}

/** Runs `kong-ts schema dist/main.js`. */
function printSchema(...args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return run(process.execPath, [KONG_TS, 'schema', 'dist/main.js', ...args], { cwd: FOLDER })
}

const CONFIG: EveryFieldConfig = {
  text: { language: 'de' },
  numbers: { max_calls: 20 },
  rules: [{ path: '/admin' }],
  tags: ['a', 'x', 'a'],
  messages: { 404: 'nothing here' },
  caches: { near: { host: 'localhost' } },
}

describe('every-field: the generated files', () => {
  let schema: KongSchema

  beforeAll(async () => {
    schema = JSON.parse(await read('schema.json'))
  })

  // After a change of the class: npm run build, then `kong-ts schema dist/main.js` with each --format into its file.
  it.each([
    ['kong', 'schema.json'],
    ['lua', 'schema.lua'],
    ['json-schema', 'config.schema.json'],
    ['typescript', 'config-type.ts'],
  ])('are what `kong-ts schema --format %s` prints: %s', async (format, file) => {
    expect((await printSchema('--format', format)).stdout).toBe(await read(file))
  })

  it('are taken by Kong from 3.8 on', () => {
    expect(checkSchema(schema, { kongVersion: '3.8' })).toEqual([])
    expect(checkSchema(schema, { kongVersion: '3.7' }).map(({ text }) => text)).toContain('unknown field')
  })

  it.each(['3.7', '3.6', '3.5'])('are taken by Kong %s without the attributes that are newer', async (kongVersion) => {
    const { stdout, stderr } = await printSchema('--kong-version', kongVersion)
    expect(stderr).not.toBe('')
    expect(checkSchema(JSON.parse(stdout), { kongVersion })).toEqual([])
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
