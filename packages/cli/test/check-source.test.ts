import { mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NEWEST_KONG_VERSION } from '@kong-ts/schema'
import { kongTs } from './kong-ts.js'
import { buildFixture } from './plugin-folder.js'

let folder: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kong-ts-test-')))
  await buildFixture('secret-reader', folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const check = (...args: string[]) => kongTs(['check', ...args], folder)

/** The lines from the heading of the PDK calls on. */
function callLines(stdout: string): readonly string[] {
  const lines = stdout.trimEnd().split('\n')
  return lines.slice(lines.findIndex((line) => line.startsWith('PDK calls')))
}

describe('the PDK calls that kong-ts check lists', { timeout: 60_000 }, () => {
  it('are those of the source and what it imports, however the PDK came there, with phases and protocols', async () => {
    const { code, stdout } = await check('dist/main.js')
    expect(code).toBe(0)
    expect(callLines(stdout)).toEqual([
      'PDK calls in src/main.ts and what it imports; the server speaks MsgPack:1:',
      '',
      'call                                where                      phases       MsgPack:1  ProtoBuf:1',
      'kong.node.getHostname               src/hosts.ts:7             access       yes        missing',
      'kong.log.notice                     src/hosts.ts:10                         yes        yes',
      'kong.request.getPath                src/describe-request.ts:6  access, log  yes        yes',
      'kong.request.getMethod              src/secret-reader.ts:21    rewrite      yes        yes',
      'kong.log.emerg                      src/secret-reader.ts:22    rewrite      yes        missing',
      'kong.vault.get                      src/secret-reader.ts:27    access       yes        missing',
      'kong.request.getHeader              src/secret-reader.ts:28    access       yes        yes',
      "kong.raw('kong.node.get_hostname')  src/secret-reader.ts:29    access       yes        missing",
      'kong.response.getStatus             src/secret-reader.ts:41    response     yes        yes',
      '',
      expect.stringMatching(
        /^warning: src\/secret-reader\.ts:10: reference\? is a required field .* Write @Field\(\{ required: false \}\)$/,
      ),
      expect.stringMatching(/^note: src\/hosts\.ts:7: kong\.node\.getHostname is missing on ProtoBuf:1\. Use hostname\(\) of node:os/),
      'warning: src/describe-request.ts:6: kong.request.getPath is refused in log: Kong allows it only in rewrite, access, response',
      expect.stringMatching(/^note: src\/secret-reader\.ts:22: kong\.log\.emerg is missing on ProtoBuf:1\. Use kong\.log\.alert/),
      expect.stringMatching(/^note: src\/secret-reader\.ts:27: kong\.vault\.get is missing on ProtoBuf:1\. Make it a field/),
      expect.stringMatching(
        /^note: src\/secret-reader\.ts:29: kong\.raw\('kong\.node\.get_hostname'\) is missing on ProtoBuf:1\. Use hostname/,
      ),
    ])
  })

  it.each([
    ['that it is to be checked for', ['dist/main.js', '--protocol', 'ProtoBuf:1']],
    ['that the server speaks', ['dist/on-protobuf.js']],
  ])('are errors where the protocol %s cannot carry them', async (_which, args) => {
    const { code, stdout, stderr } = await check(...args)
    expect(code).toBe(1)
    expect(stderr).toMatch(/not taken, see above/)
    expect(
      stdout
        .split('\n')
        .filter((line) => line.startsWith('error:'))
        .map((line) => line.split('. ')[0]),
    ).toEqual([
      'error: src/hosts.ts:7: kong.node.getHostname is missing on ProtoBuf:1, which the server speaks',
      'error: src/secret-reader.ts:22: kong.log.emerg is missing on ProtoBuf:1, which the server speaks',
      'error: src/secret-reader.ts:27: kong.vault.get is missing on ProtoBuf:1, which the server speaks',
      "error: src/secret-reader.ts:29: kong.raw('kong.node.get_hostname') is missing on ProtoBuf:1, which the server speaks",
    ])
  })

  it('are there as JSON too, with the rest of the verdict', async () => {
    const { code, stdout } = await check('dist/main.js', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      kongVersion: NEWEST_KONG_VERSION,
      plugins: [{ name: 'secret-reader', protocol: 'MsgPack:1', taken: true, mandatory: ['config.reference'], configs: [] }],
      source: {
        entry: 'src/main.ts',
        calls: expect.arrayContaining([
          {
            call: 'kong.vault.get',
            method: 'kong.vault.get',
            file: 'src/secret-reader.ts',
            line: 27,
            phases: ['access'],
            protocols: ['MsgPack:1'],
          },
        ]) as unknown,
        problems: expect.arrayContaining([
          expect.objectContaining({ severity: 'warning', file: 'src/describe-request.ts', line: 6 }),
        ]) as unknown,
      },
    })
  })

  it('are errors where kong.raw names what breaks Kong on either protocol', async () => {
    await writeFile(
      join(folder, 'src/breaker.ts'),
      `import type { PDK } from '@kong-ts/core'\nexport const run = (kong: PDK) => [kong.raw('kong.vault.try'), kong.raw('kong.not_known_here'), kong.raw('kong.request.get_path')]\n`,
    )
    const { code, stdout } = await check('dist/main.js', '--source', 'src/breaker.ts')
    expect(code).toBe(1)
    expect(stdout.split('\n').filter((line) => line.startsWith('error:'))).toEqual([
      `error: src/breaker.ts:2: kong.raw('kong.vault.try') is refused on every protocol: "kong.vault.try" cannot be called: it needs a Lua function`,
    ])
    expect(
      callLines(stdout)
        .slice(3, 6)
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      [`kong.raw('kong.vault.try')`, 'src/breaker.ts:2', 'missing', 'missing'],
      [`kong.raw('kong.not_known_here')`, 'src/breaker.ts:2', 'yes', 'missing'],
      [`kong.raw('kong.request.get_path')`, 'src/breaker.ts:2', 'yes', 'yes'],
    ])
    await rm(join(folder, 'src/breaker.ts'))
  })

  it('come with a word when the source is newer than what was built', async () => {
    const future = new Date(Date.now() + 60_000)
    await utimes(join(folder, 'src/hosts.ts'), future, future)
    expect((await check('dist/main.js')).stderr).toMatch(/^kong-ts: \S*src\/hosts\.ts is newer than what was built: build again/)
    const past = new Date(Date.now() - 60_000)
    await utimes(join(folder, 'src/hosts.ts'), past, past)
  })

  it('are found from the source that --source names, where the script is built by something else', async () => {
    await writeFile(join(folder, 'bundle.mjs'), "import './dist/main.js'\n")
    expect((await check('bundle.mjs')).stdout).toMatch(
      /PDK calls were not checked: no TypeScript source of bundle\.mjs .* --source src\/main\.ts\n$/,
    )
    expect(callLines((await check('bundle.mjs', '--source', 'src/main.ts')).stdout)).toHaveLength(19)
    expect(await check('bundle.mjs', '--source', 'src/none.ts')).toMatchObject({
      code: 1,
      stderr: 'kong-ts: src/none.ts does not exist: name the source of bundle.mjs with --source\n',
    })
  })
})
