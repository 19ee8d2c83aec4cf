import { execFileSync } from 'node:child_process'
import { access, copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway } from '@kong-ts/simulator/gateway'
import { kongTs } from './kong-ts.js'
import { buildFixture } from './plugin-folder.js'

let folder: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kong-ts-test-')))
  await buildFixture('thrower', folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const build = (...args: string[]) => kongTs(['build', ...args], folder)

describe('kong-ts build', { timeout: 60_000 }, () => {
  it.each([
    ['', []],
    [', shortened', ['--minify']],
  ])('makes one file that serves the plugin without anything beside it%s', async (_how, options) => {
    const { code, stdout, stderr } = await build('dist/main.js', '-o', 'thrower.mjs', ...options)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^thrower\.mjs: thrower 1\.2\.3; \d+ KiB\n$/)
    const alone = join(folder, `alone${options.length}`)
    await mkdir(alone)
    for (const file of ['thrower.mjs', 'thrower.mjs.map']) await copyFile(join(folder, file), join(alone, file))
    const lines: string[] = []
    const gateway = await startGateway({
      config: {
        _format_version: '3.0',
        routes: [
          {
            name: 'good',
            paths: ['/good', '/throw'],
            strip_path: false,
            plugins: [{ name: 'thrower', config: { targets: [{ url: 'http://a.example' }] } }],
          },
          { name: 'bad', paths: ['/bad'], plugins: [{ name: 'thrower', config: { targets: [{ url: 'no url' }] } }] },
        ],
      },
      scripts: [join(alone, 'thrower.mjs')],
      log: (_level, line) => lines.push(line),
    })
    try {
      expect((await fetch(`${gateway.proxyUrl}/good`)).headers.get('x-thrower')).toBe('http://a.example')
      // Checked by class-validator at the start of the instance: its registry is one within the bundle.
      expect((await fetch(`${gateway.proxyUrl}/bad`)).status).toBe(500)
      expect((await fetch(`${gateway.proxyUrl}/throw`)).status).toBe(500)
      await expect.poll(() => lines.join('\n')).toMatch(/thrown on line 27[\s\S]*src\/thrower\.ts:27:/)
      expect(lines.join('\n')).toMatch(/config\.targets\[0\]\.url/)
    } finally {
      await gateway.close()
    }
  })

  it("leaves Kong's schema language out of the file, which dumps as the script does", async () => {
    const example = fileURLToPath(new URL('../../../examples/hello-header/dist/main.js', import.meta.url))
    const { code, stderr } = await build(example, '-o', 'hello.mjs')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { sources } = JSON.parse(await readFile(join(folder, 'hello.mjs.map'), 'utf8')) as { sources: readonly string[] }
    expect(sources.filter((source) => source.includes('/packages/runtime/'))).not.toEqual([])
    expect(sources.filter((source) => source.includes('/packages/schema/'))).toEqual([])
    const dumps = [example, join(folder, 'hello.mjs')].map((file) => execFileSync(process.execPath, [file, '-dump'], { encoding: 'utf8' }))
    expect(dumps[0]).toBe(dumps[1])
  })

  it('refuses a plugin with mistakes that only the judgement finds, and names them', async () => {
    await writeFile(
      join(folder, 'wrong.mjs'),
      `import { Access, Plugin } from '@kong-ts/core'
import { startServer } from '@kong-ts/runtime'
class Wrong { access() {} }
Access()(Wrong.prototype, 'access', Object.getOwnPropertyDescriptor(Wrong.prototype, 'access'))
Plugin('1.0.0', 1, { name: 'wrong', entityChecks: [{ atLeastOneOf: ['nothing'] }] })(Wrong)
await startServer(Wrong)
`,
    )
    expect(await build('wrong.mjs', '-o', 'wrong-built.mjs')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no field nothing') as string,
    })
    await expect(access(join(folder, 'wrong-built.mjs'))).rejects.toThrow(/ENOENT/)
  })

  it('names in its help the bundler that it is tested with', async () => {
    const { devDependencies } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      devDependencies: { rolldown: string }
    }
    expect((await build('--help')).stdout).toContain(`npm install --save-dev rolldown@${devDependencies.rolldown}\n`)
  })

  it('names the file after the plugin unless told otherwise', async () => {
    expect((await build('dist/main.js')).stdout).toMatch(/^dist\/thrower\.mjs: /)
  })

  it('refuses what would not be a plugin server, or not be a module wherever it is copied to', async () => {
    await writeFile(join(folder, 'missing.mjs'), "import 'nothing-of-this-name'\n")
    const refusals: readonly (readonly [readonly string[], RegExp])[] = [
      [['dist/thrower.js'], /is not a plugin server: let it call startServer/],
      [['dist/main.js', '-o', 'out.js'], /out\.js does not end in \.mjs/],
      [['thrower.mjs', '-o', 'thrower.mjs'], /would be replaced by its own bundle/],
      [['missing.mjs'], /-dump failed: [\s\S]*nothing-of-this-name/],
    ]
    for (const [args, message] of refusals)
      expect(await build(...args)).toMatchObject({ code: 1, stderr: expect.stringMatching(message) as string })
  })
})
