import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pluginTestMatchers } from '../../src/index.js'

const REPOSITORY = new URL('../../../../', import.meta.url)
const SOURCES = [
  'packages/testing/test/runners/fixtures/jest-setup.ts',
  'packages/testing/test/docs/recipes.test.ts',
  'examples/request-guard/test/request-guard.unit.test.ts',
  'examples/request-guard/test/request-guard.scenario.test.ts',
]

const STAGE = 'packages/testing/src/scenario/stage'

function read(path: string): Promise<string> {
  return readFile(fileURLToPath(new URL(path, REPOSITORY)), 'utf8')
}

/** Lines without their indentation, which differs between a page and a test. */
function flat(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
}

describe('docs/testing.md', () => {
  it('shows code that is run', async () => {
    const page = await read('docs/testing.md')
    const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => flat(code))
    const sources = (await Promise.all(SOURCES.map(read))).map(flat)
    expect(blocks.length).toBeGreaterThan(10)
    expect(blocks.filter((code) => !sources.some((source) => source.includes(code)))).toEqual([])
  })

  it('has a row for every matcher', async () => {
    const page = await read('docs/testing.md')
    expect(Object.keys(pluginTestMatchers).filter((name) => !page.includes(`| \`${name}(`))).toEqual([])
  })

  it('has a row for every variable that scenarios read', async () => {
    const [page, ...sources] = await Promise.all(['docs/testing.md', `${STAGE}/scenario-options.ts`].map(read))
    const variables = new Set(sources.flatMap((source) => source.match(/KONG_TS_[A-Z_]+/g) ?? []))
    expect([...variables].filter((name) => !(page ?? '').includes(`| \`${name}\` |`))).toEqual([])
  })
})
