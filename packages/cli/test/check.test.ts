import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kongTs } from './kong-ts.js'
import { EXAMPLES, runKongTs } from './run-kong-ts.js'

const EVERY_FIELD = join(EXAMPLES, 'every-field')
const FILE_LOG = join(EXAMPLES, 'file-log')

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

describe('kong-ts check', () => {
  it('shows the schema of a script that calls startServer as a table, and exits with 0', async () => {
    const { code, stdout, stderr } = await runKongTs(['check', join(FILE_LOG, 'dist/main.js')]).exited
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(`file-log 1.0.0, priority 9, phases log; its schema needs Kong 2.8 or newer

field                type     required  default
config.my_file_path  string   yes
config.reopen        boolean            false

protocols: grpc, grpcs, http, https

Every configuration must give config.my_file_path

Kong 3.10 takes this schema

PDK calls in examples/file-log/src/main.ts and what it imports; the server speaks MsgPack:1:

call                where                                 phases  MsgPack:1  ProtoBuf:1
kong.log.serialize  examples/file-log/src/file-log.ts:16  log     yes        yes
`)
  })

  it('takes a module that exports a plugin class just as well', async () => {
    const { code, stdout } = await kongTs(['check', join(FILE_LOG, 'dist/file-log.js')])
    expect(code).toBe(0)
    expect(stdout).toContain('config.my_file_path  string   yes')
  })

  it('takes the configurations of an example', async () => {
    const { code, stdout } = await kongTs(['check', join(EVERY_FIELD, 'dist/main.js'), '--config', join(EVERY_FIELD, 'kong.yml')])
    expect(code).toBe(0)
    expect(stdout).toMatch(/kong\.yml: plugins\[0\]: taken\n\nPDK calls in /)
  })

  it('says what is wrong with each configuration in a kong.yml, wherever it stands, and exits with 1', async () => {
    const config = await file(
      'kong.yml',
      `_format_version: "3.0"
plugins:
  - { name: every-field, consumer: alice, config: { rules: [{ path: /, action: drop }] } }
  - { name: another, config: { anything: 1 } }
services:
  - name: s
    routes:
      - plugins: [{ name: every-field, config: { numbers: { max_calls: 0 }, typo: 1 } }]
`,
    )
    const { code, stdout, stderr } = await kongTs(['check', join(EVERY_FIELD, 'dist/main.js'), '--config', config])
    expect(code).toBe(1)
    expect(stdout.split('\n').filter((line) => line.startsWith(config))).toEqual([
      `${config}: plugins[0]: consumer: must be null (got {"id":"00000000-0000-4000-8000-000000000000"})`,
      `${config}: plugins[0]: config.rules[0].action: must be one of allow, deny (got "drop")`,
      `${config}: services[0].routes[0].plugins[0]: config.numbers.max_calls: must be between 1 and 500 (got 0)`,
      `${config}: services[0].routes[0].plugins[0]: config.typo: is no field of this plugin`,
    ])
    expect(stderr).toMatch(/^kong-ts: .*: not taken, see above\n$/)
  })

  it('takes JSON, of a plugin entry or of a bare config', async () => {
    const good = await file('good.json', '{"config":{"my_file_path":"/tmp/x"},"protocols":["http"]}')
    const bad = await file('bad.json', '{"reopen":"yes"}')
    expect(await kongTs(['check', join(FILE_LOG, 'dist/main.js'), '-c', good])).toMatchObject({ code: 0 })
    const { code, stdout } = await kongTs(['check', join(FILE_LOG, 'dist/main.js'), '-c', bad])
    expect(code).toBe(1)
    expect(stdout).toContain('bad.json: config.reopen: must be a boolean (got "yes")\n')
    expect(stdout).toContain('bad.json: config.my_file_path: is required\n')
  })

  it('checks for an older Kong', async () => {
    const { code, stdout } = await kongTs(['check', join(EVERY_FIELD, 'dist/main.js'), '--kong-version', '3.4'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/error: config\.text\.language: unknown field/)
    expect(stdout).toMatch(/Kong 3\.4 does not start with this schema/)
  })

  it('lists the rules that Kong cannot check, where the class is at hand', async () => {
    const module = await file(
      'plugin.mjs',
      `const late = { property: 'url', name: 'url', type: { kind: 'string' }, attributes: {}, required: true, default: undefined, lateRules: ['isUrl'] }
export const plugin = { name: 'by-hand', version: '1.0.0', priority: 1, phases: new Map([['log', { phase: 'log', handler: 'log', failOpen: false, timeout: 0 }]]),
  config: { construct: undefined, fields: [late], entityChecks: [] }, topLevelFields: [], topLevelEntityChecks: [], pluginClass: class {} }
`,
    )
    const { code, stdout } = await kongTs(['check', module])
    expect(code).toBe(0)
    expect(stdout).toContain('not by Kong:\n  config.url: isUrl\n')
  })

  it.each([
    ['a file that does not exist', () => join('/nowhere', 'main.js'), /does not exist: build the plugin first/],
    ['TypeScript', () => join(FILE_LOG, 'src/main.ts'), /is TypeScript: build the plugin first/],
    ['a module without plugins', () => file('empty.mjs', 'export const nothing = 1\n'), /neither calls startServer nor exports a class/],
    ['a script that prints something else', () => file('noisy.mjs', 'console.log("hello")\n'), /did not print JSON but "hello/],
    ['a script that fails', () => file('broken.mjs', 'throw new Error("no such thing")\n'), /-dump failed: [\s\S]*no such thing/],
  ])('refuses %s with what to do', async (_what, path, message) => {
    const { code, stderr } = await kongTs(['check', await path()])
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
  })
})

describe('kong-ts schema', () => {
  it.each([
    ['kong', 'schema.json'],
    ['lua', 'schema.lua'],
    ['json-schema', 'config.schema.json'],
    ['typescript', 'config-type.ts'],
  ])('prints the format %s', async (format, committed) => {
    const { code, stdout } = await kongTs(['schema', join(EVERY_FIELD, 'dist/main.js'), '--format', format])
    expect(code).toBe(0)
    expect(stdout).toBe(await readFile(join(EVERY_FIELD, committed), 'utf8'))
  })

  it('leaves out what an older Kong does not know, with a line on stderr for each', async () => {
    const { code, stdout, stderr } = await kongTs(['schema', join(EVERY_FIELD, 'dist/main.js'), '--kong-version', '3.7'])
    expect(code).toBe(0)
    expect(stdout).not.toContain('transient')
    expect(stderr.split('\n')).toContain('config.text.legacy: transient needs Kong 3.8, left out for 3.7')
  })

  it('refuses a format it does not have', async () => {
    const { code, stderr } = await kongTs(['schema', join(FILE_LOG, 'dist/main.js'), '--format', 'xml'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/kong, lua, json-schema, typescript/)
  })
})
