import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const folder = fileURLToPath(new URL('fixtures', import.meta.url))
const require = createRequire(import.meta.url)

/** Runs a program as a developer would in a shell: none of vitest's own variables. */
async function run(args: readonly string[]): Promise<string> {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, JEST_WORKER_ID: _worker, VITEST: _vitest, ...env } = process.env
  const done = await promisify(execFile)(process.execPath, args, { cwd: folder, env }).catch((error: unknown) => error)
  const { stdout, stderr } = Object(done)
  return `${String(stdout)}${String(stderr)}`
}

describe('tests of a plugin run', () => {
  it('under node --test', async () => {
    const output = await run(['--test', '--test-reporter=tap', 'greeter.node-test.mjs'])
    expect(output).toContain('# pass 5')
    expect(output).toContain('# fail 0')
  })

  it('under jest', { timeout: 60_000 }, async () => {
    const config = { rootDir: folder, testMatch: ['**/*.jest-test.mjs'], transform: {}, testEnvironment: 'node', watchman: false }
    const output = await run([
      '--experimental-vm-modules',
      require.resolve('jest/bin/jest'),
      '--runInBand',
      '--config',
      JSON.stringify(config),
    ])
    expect(output).toMatch(/Tests: +7 passed, 7 total/)
  })
})
