import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const execute = promisify(execFile)
const REPOSITORY = new URL('../../', import.meta.url)
const PRELOAD = fileURLToPath(new URL('fixtures/print-loaded-packages.cjs', import.meta.url))

/** Runs a built plugin server's `-dump`, and tells which packages it loaded for that. */
async function packagesLoadedBy(server: string): Promise<readonly unknown[]> {
  const { stderr } = await execute(process.execPath, ['--require', PRELOAD, fileURLToPath(new URL(server, REPOSITORY)), '-dump'])
  const [, list = ''] = /^loaded packages: (.*)$/m.exec(stderr) ?? []
  const packages: unknown = JSON.parse(list)
  return Array.isArray(packages) ? packages : []
}

describe('loading class-validator, which costs a plugin server most of its start', () => {
  it('is left to plugins that use it', async () => {
    const loaded = await packagesLoadedBy('examples/hello-header/dist/main.js')
    expect(loaded).toContain('reflect-metadata')
    expect(loaded).not.toContain('class-validator')
    expect(loaded).not.toContain('validator')
    expect(loaded).not.toContain('libphonenumber-js')
  })

  it('is seen by this test when a plugin does', async () => {
    expect(await packagesLoadedBy('benchmarks/dist/server.js')).toContain('class-validator')
  })
})
