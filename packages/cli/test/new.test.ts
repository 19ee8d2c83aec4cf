import { mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kongTs } from './kong-ts.js'
import { CHECKOUT, compile, installPackages, runTests } from './plugin-folder.js'
import { EXAMPLES, runKongTs, whenReady } from './run-kong-ts.js'

let folder: string

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kong-ts-test-')))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const create = (cwd: string, ...args: string[]) => kongTs(['new', ...args], cwd)

async function json(...path: string[]): Promise<unknown> {
  return JSON.parse(await readFile(join(...path), 'utf8'))
}

describe('kong-ts new', { timeout: 60_000 }, () => {
  it('makes a plugin that compiles, passes its own tests and kong-ts check, and runs', async () => {
    const { code, stdout } = await create(folder, 'call-guard', '--link', CHECKOUT)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^made call-guard:\n {2}package\.json\n[\s\S]*Next:\n {2}cd call-guard\n {2}npx -y pnpm@[\d.]+ install\n/)
    const plugin = join(folder, 'call-guard')
    await installPackages(plugin)
    await compile(plugin)
    await compile(join(plugin, 'test'))
    expect(await runTests(plugin)).toMatch(/Tests\s+6 passed/)
    expect(await kongTs(['check', 'dist/main.js', '-c', 'kong.yml'], plugin)).toMatchObject({ code: 0, stderr: '' })
    const dev = runKongTs(['dev', 'kong.yml', '-p', '0'], process.env, plugin)
    const url = await whenReady(dev)
    expect((await fetch(url, { headers: { 'x-api-key': '1' } })).headers.get('x-call-guard')).toBe('passed')
    expect((await fetch(url)).status).toBe(401)
    dev.child.kill('SIGTERM')
    expect((await dev.exited).code).toBe(0)
  })

  it('takes kong-ts from the registry or, by links, from a checkout; other versions are those of this repository', async () => {
    expect((await create(folder, 'from-registry')).stdout).toMatch(/not in the npm registry yet[\s\S]*--link \/\S+/)
    expect((await create(folder, 'linked', '--link', CHECKOUT)).code).toBe(0)
    const { version } = (await json(CHECKOUT, 'packages/core/package.json')) as { version: string }
    const root = (await json(CHECKOUT, 'package.json')) as { packageManager: string; devDependencies: Record<string, string> }
    expect((await create(folder, 'installed', '--link', CHECKOUT)).stdout).toContain(`npx -y ${root.packageManager} install\n`)
    expect(await json(folder, 'from-registry/package.json')).toMatchObject({
      name: 'from-registry',
      dependencies: { '@kong-ts/core': `^${version}`, '@kong-ts/runtime': `^${version}` },
      devDependencies: {
        '@kong-ts/cli': `^${version}`,
        '@types/node': root.devDependencies['@types/node'],
        typescript: root.devDependencies['typescript-native']?.replace('npm:typescript@', ''),
        vitest: root.devDependencies['vitest'],
      },
    })
    const catalog = await readFile(join(CHECKOUT, 'pnpm-workspace.yaml'), 'utf8')
    const linked = (await json(folder, 'linked/package.json')) as { dependencies: Record<string, string> }
    expect(catalog).toContain(`class-validator: ${linked.dependencies['class-validator']}\n`)
    expect(await realpath(join(folder, 'linked', linked.dependencies['@kong-ts/core']?.replace('link:', '') ?? ''))).toBe(
      join(await realpath(CHECKOUT), 'packages/core'),
    )
  })

  it('makes an example of the workspace within a checkout, with the shape of the others', async () => {
    await mkdir(join(folder, 'packages', 'inner'), { recursive: true })
    await symlink(join(CHECKOUT, 'packages/core'), join(folder, 'packages/core'))
    await writeFile(join(folder, 'pnpm-workspace.yaml'), 'packages: []\n')
    const { code, stdout } = await create(join(folder, 'packages/inner'), 'call-guard')
    expect(code).toBe(0)
    expect(stdout).toMatch(/cd \.\.\/\.\.\/examples\/call-guard\n/)
    const [made, model] = [join(folder, 'examples/call-guard'), join(EXAMPLES, 'request-guard')]
    for (const file of ['tsconfig.json', 'test/tsconfig.json']) {
      expect(await readFile(join(made, file), 'utf8')).toBe(await readFile(join(model, file), 'utf8'))
    }
    const { dependencies, devDependencies, type, main } = (await json(model, 'package.json')) as Record<string, unknown>
    expect(await json(made, 'package.json')).toMatchObject({
      name: '@kong-ts-examples/call-guard',
      dependencies,
      devDependencies,
      type,
      main,
    })
  })

  it('leaves a folder alone that is there, and refuses a name that Kong or TypeScript would', async () => {
    await mkdir(join(folder, 'taken'))
    await writeFile(join(folder, 'taken/notes.txt'), 'mine')
    expect(await create(folder, 'taken')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/taken exists and is not empty: choose another name\n$/) as string,
    })
    expect(await readdir(join(folder, 'taken'))).toEqual(['notes.txt'])
    for (const name of ['CallGuard', 'call_guard', '../escape', '2fast', 'call-']) {
      expect(await create(folder, name)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/is not a name for a plugin: use lower-case words/) as string,
      })
    }
    expect(await create(folder, 'call-guard', '--link', folder)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is not a checkout of kong-ts/) as string,
    })
  })
})
