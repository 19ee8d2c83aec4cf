import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { kongTs } from './kong-ts.js'
import { EXAMPLES, runKongTs, type RunningCommand } from './run-kong-ts.js'

const HELLO = join(EXAMPLES, 'hello-header/dist/main.js')
const GUARD = join(EXAMPLES, 'request-guard/dist/main.js')

let folder: string
let gateway: RunningCommand | undefined

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kong-ts-test-')))
})
afterEach(async () => {
  gateway?.child.kill('SIGTERM')
  await gateway?.exited
  gateway = undefined
  await rm(folder, { recursive: true, force: true })
})

const conf = (...args: string[]) => kongTs(['conf', ...args], folder)

/** A plugin server of two plugins, in a file of any name. */
async function twoPlugins(name = 'two.mjs'): Promise<string> {
  const script = join(folder, name)
  const definition = (plugin: string, priority: number) => `{ name: '${plugin}', version: '1.0.0', priority: ${priority},
    phases: new Map([['access', { phase: 'access', handler: 'access', failOpen: false, timeout: 0 }]]),
    config: { construct: undefined, fields: [], entityChecks: [] }, topLevelFields: [], topLevelEntityChecks: [],
    pluginClass: class { access(kong) { return kong.response.setHeader('x-${plugin}', 'yes') } } }`
  await writeFile(
    script,
    `import { startServer } from '${fileURLToPath(new URL('../../runtime/dist/index.js', import.meta.url))}'
await startServer([${definition('first-one', 2)}, ${definition('second-one', 1)}])\n`,
  )
  return script
}

const KONG_YML = `
_format_version: "3.0"
services: [{ name: nowhere, url: "http://127.0.0.1:9", routes: [{ name: all, paths: [/] }] }]
plugins: [{ name: hello-header }, { name: first-one }, { name: second-one }]
`

/** Starts the stand-in, which reads kong.conf as Kong does, and asks it for something. */
async function headersBehind(lines: string, env: NodeJS.ProcessEnv = process.env): Promise<Headers> {
  await writeFile(join(folder, 'kong.yml'), KONG_YML)
  const file = join(folder, 'kong.conf')
  await writeFile(file, `declarative_config = kong.yml\nproxy_listen = 127.0.0.1:0\n${lines}`)
  const command = runKongTs(['gateway', '-c', file], env)
  gateway = command
  await expect.poll(() => command.output.stdout).toMatch(/ready on \S+/)
  return (await fetch(/ready on (\S+) /.exec(command.output.stdout)?.[1] ?? '')).headers
}

const PROXIED = ['x-first-one', 'x-second-one', 'x-hello-from-ts']

describe('what kong-ts conf prints', () => {
  it('makes a Kong run the plugin servers', async () => {
    const { code, stdout } = await conf(HELLO, await twoPlugins(), '--prefix', folder)
    expect(code).toBe(0)
    const headers = await headersBehind(stdout)
    expect(PROXIED.map((name) => headers.has(name))).toEqual([true, true, true])
  })

  it('does so as variables, from a folder with a name that the shell and kong.conf would take apart', async () => {
    const odd = join(folder, `a folder's #1`)
    await mkdir(odd)
    const script = join(odd, 'two.mjs')
    await copyFile(await twoPlugins(), script)
    const { stdout } = await conf(HELLO, script, '--prefix', folder, '--format', 'env')
    const env = Object.fromEntries(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
    const headers = await headersBehind('', { ...process.env, ...env })
    expect(PROXIED.map((name) => headers.has(name))).toEqual([true, true, true])
    expect((await conf(script)).stdout).toContain(
      `_query_cmd = ${process.execPath} '${folder}/a folder'\\''s \\#1/two.mjs' -dump=first-one\n`,
    )
  })

  it('depends on no PATH and no variable, and says all three settings of a server', async () => {
    expect((await conf(GUARD)).stdout).toBe(`plugins = bundled,request-guard
pluginserver_names = request-guard
pluginserver_request_guard_socket = /usr/local/kong/request-guard.socket
pluginserver_request_guard_start_cmd = ${process.execPath} ${GUARD} -kong-prefix /usr/local/kong -exit-on-stdin-close
pluginserver_request_guard_query_cmd = ${process.execPath} ${GUARD} -dump
`)
  })

  it('stands in the README', async () => {
    const { stdout } = await conf(GUARD, '--node', '/usr/bin/node', '--folder', '/opt/request-guard/dist')
    expect(await readFile(join(EXAMPLES, '../README.md'), 'utf8')).toContain(`\`\`\`ini\n${stdout}\`\`\``)
  })

  it('gives each plugin of a server an entry from Kong 3.9 on, which reads only the first of a dump, and one to all before', async () => {
    const script = await twoPlugins()
    const settings = async (...args: string[]): Promise<unknown> => {
      const { environment } = parse(
        (await conf(script, '--format', 'compose', '--prefix', '/kong', '--node', '/usr/bin/node', ...args)).stdout,
      ) as { environment: unknown }
      return environment
    }
    expect(await settings('--kong', '3.8')).toEqual({
      KONG_PLUGINS: 'bundled,first-one,second-one',
      KONG_PLUGINSERVER_NAMES: 'first-one',
      KONG_PLUGINSERVER_FIRST_ONE_SOCKET: '/kong/first-one.socket',
      KONG_PLUGINSERVER_FIRST_ONE_START_CMD: `/usr/bin/node ${script} -kong-prefix /kong -exit-on-stdin-close`,
      KONG_PLUGINSERVER_FIRST_ONE_QUERY_CMD: `/usr/bin/node ${script} -dump`,
    })
    expect(await settings('--kong', '3.10', '--folder', '/opt/plugins', '--protocol', 'ProtoBuf:1')).toEqual({
      KONG_PLUGINS: 'bundled,first-one,second-one',
      KONG_PLUGINSERVER_NAMES: 'first-one,second-one',
      KONG_PLUGINSERVER_FIRST_ONE_SOCKET: '/kong/first-one.socket',
      KONG_PLUGINSERVER_FIRST_ONE_START_CMD:
        '/usr/bin/node /opt/plugins/two.mjs -protocol ProtoBuf:1 -kong-prefix /kong -exit-on-stdin-close',
      KONG_PLUGINSERVER_FIRST_ONE_QUERY_CMD: '/usr/bin/node /opt/plugins/two.mjs -protocol ProtoBuf:1 -dump=first-one',
      KONG_PLUGINSERVER_SECOND_ONE_SOCKET: '/kong/first-one.socket',
      KONG_PLUGINSERVER_SECOND_ONE_QUERY_CMD: '/usr/bin/node /opt/plugins/two.mjs -protocol ProtoBuf:1 -dump=second-one',
    })
  })

  it.each([
    ['2.8', /^# Kong 2\.8: a configuration that the plugin refuses/],
    ['3.4', /^# Kong 3\.4: a server has 20 s to listen/],
    ['3.6.1', /^# Kong 3\.6\.1: .* never send a changed configuration/],
    ['3.9.1', /^plugins = /],
  ])('names what is to be known about Kong %s', async (version, start) => {
    expect((await conf(HELLO, '--kong', version)).stdout).toMatch(start)
  })
})

describe('kong-ts conf refuses', () => {
  it('a script that needs a variable, which Kong would not give it', async () => {
    const script = join(folder, 'needy.mjs')
    await writeFile(script, "if (process.env.PATH === undefined) throw new Error('where is PATH?')\n")
    expect(await conf(script)).toMatchObject({ code: 1, stderr: expect.stringMatching(/-dump failed: [\s\S]*where is PATH\?/) as string })
  })

  it.each([
    [
      'a module that is not a plugin server',
      [join(EXAMPLES, 'hello-header/dist/hello-header.js')],
      /is not a plugin server: let it call startServer/,
    ],
    ['one plugin twice', [HELLO, HELLO], /two scripts serve hello-header: name one of them only/],
    ['two scripts that would be one file', [HELLO, GUARD, '--folder', '/opt'], /two scripts would be \/opt\/main\.js/],
    ['a relative prefix', [HELLO, '--prefix', 'run'], /--prefix run is not an absolute path/],
    ['a Kong without plugin servers', [HELLO, '--kong', '1.5'], /--kong 1\.5 is not a Kong from 2\.8 on/],
  ])('%s', async (_what, args, message) => {
    expect(await conf(...args)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(message) as string })
  })
})
