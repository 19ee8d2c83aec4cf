import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHECKOUT, installPackages } from './plugin-folder.js'
import { EXAMPLES, runKongTs, whenReady, type RunningCommand } from './run-kong-ts.js'

const HELLO = join(EXAMPLES, 'hello-header/dist/main.js')
const FILE_LOG = join(EXAMPLES, 'file-log/dist/main.js')

let folder: string
const running: RunningCommand[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
})
afterEach(async () => {
  for (const { child, exited } of running.splice(0)) {
    child.kill('SIGTERM')
    await exited
  }
  await rm(folder, { recursive: true, force: true })
})

function dev(...args: string[]): RunningCommand {
  // Sockets go to a folder that the test can look into.
  const command = runKongTs(['dev', '--port', '0', ...args], { ...process.env, TMPDIR: folder })
  running.push(command)
  return command
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function kongYml(text: string): Promise<string> {
  const file = join(folder, 'kong.yml')
  await writeFile(file, text)
  return file
}

describe('kong-ts dev', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'serves an example, and leaves no process and no socket behind after %s',
    async (signal) => {
      const command = dev(join(EXAMPLES, 'hello-header/kong.yml'))
      const url = await whenReady(command)
      expect(command.output.stdout).toBe(`ready on ${url}, try: curl -si ${url}/ (Ctrl-C ends)\n`)
      const response = await fetch(url)
      expect(response.status).toBe(200)
      expect(response.headers.get('x-hello-from-ts')).toBe(`TypeScript says hello to ${new URL(url).host}`)
      const pid = Number(/\[hello-header:(\d+)\]/.exec(command.output.stderr)?.[1])
      expect(process.kill(pid, 0)).toBe(true)
      command.child.kill(signal)
      expect((await command.exited).code).toBe(0)
      expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
      expect(await readdir(folder)).toEqual([])
    },
  )

  it('runs the plugin servers that --server names', async () => {
    const log = join(folder, 'log.json')
    const config = await kongYml(`
_format_version: "3.0"
routes: [{ name: all, paths: [/] }]
plugins:
  - { name: file-log, config: { my_file_path: ${log} } }
  - { name: hello-header, config: { message: moin } }
`)
    const url = await whenReady(dev(config, '--server', HELLO, '--server', FILE_LOG))
    const response = await fetch(`${url}/some/path`)
    expect(response.headers.get('x-hello-from-ts')).toMatch(/^TypeScript says moin to /)
  })
})

describe('kong-ts dev --watch', () => {
  it('restarts a plugin server when its output changes, and keeps the old one when the new one does not start', async () => {
    const script = join(folder, 'main.js')
    await writeFile(script, `import ${JSON.stringify(HELLO)}\n`)
    const command = dev(join(EXAMPLES, 'hello-header/kong.yml'), '--server', script, '--watch')
    const url = await whenReady(command)
    await writeFile(script, `import ${JSON.stringify(HELLO)}\n// changed\n`)
    await expect.poll(() => command.output.stderr).toMatch(/restarted with what was built/)
    await writeFile(script, 'throw new Error("broken build")\n')
    await expect.poll(() => command.output.stderr).toMatch(/still the old one, since the new one does not start/)
    expect((await fetch(url)).headers.get('x-hello-from-ts')).toMatch(/^TypeScript says hello/)
    command.child.kill('SIGTERM')
    expect((await command.exited).code).toBe(0)
  })
})

describe('kong-ts dev --watch on a plugin in TypeScript', { timeout: 60_000 }, () => {
  it('builds it first, serves what compiles only, and says what does not in full', async () => {
    expect((await runKongTs(['new', 'call-guard', '--link', CHECKOUT], process.env, folder).exited).code).toBe(0)
    const plugin = join(folder, 'call-guard')
    await installPackages(plugin)
    const command = dev(join(plugin, 'kong.yml'), '--watch')
    const url = await whenReady(command)
    const greet = async (): Promise<string | null> => (await fetch(url, { headers: { 'x-api-key': '1' } })).headers.get('x-call-guard')
    expect(await greet()).toBe('passed')
    const source = join(plugin, 'src/call-guard.ts')
    const text = await readFile(source, 'utf8')
    await writeFile(source, text.replace('required: false', 'requierd: false').replace("'passed'", "'broken'"))
    await expect
      .poll(() => command.output.stderr)
      .toMatch(/src\/call-guard\.ts\(\d+,\d+\): error TS[\s\S]*Did you mean to write 'required'\?/)
    expect(await greet()).toBe('passed')
    await writeFile(source, text.replace("'passed'", "'changed'"))
    await expect.poll(greet).toBe('changed')
    command.child.kill('SIGTERM')
    expect((await command.exited).code).toBe(0)
  })
})

describe('plugin servers', () => {
  it('end with a kong-ts dev that is killed', async () => {
    const command = dev(join(EXAMPLES, 'hello-header/kong.yml'))
    await whenReady(command)
    const pid = Number(/\[hello-header:(\d+)\]/.exec(command.output.stderr)?.[1])
    command.child.kill('SIGKILL')
    await expect.poll(() => isAlive(pid)).toBe(false)
  })
})

describe('kong-ts gateway', () => {
  it('starts from a kong.conf, as strict as Kong, with an Admin API that reports', async () => {
    const conf = join(folder, 'kong.conf')
    await kongYml(
      '_format_version: "3.0"\nservices: [{ name: nowhere, url: "http://127.0.0.1:9", routes: [{ name: r, paths: [/] }] }]\nplugins: [{ name: hello-header }]\n',
    )
    await writeFile(
      conf,
      [
        'declarative_config = kong.yml',
        'plugins = hello-header',
        'pluginserver_names = hello',
        `pluginserver_hello_socket = ${join(folder, 'hello-header.socket')}`,
        `pluginserver_hello_start_cmd = ${process.execPath} ${HELLO} -kong-prefix ${folder} -exit-on-stdin-close`,
        `pluginserver_hello_query_cmd = ${process.execPath} ${HELLO} -dump`,
        'proxy_listen = 127.0.0.1:0',
        'admin_listen = 127.0.0.1:0',
        'anonymous_reports = off',
      ].join('\n'),
    )
    const command = runKongTs(['gateway', '-c', conf])
    running.push(command)
    await expect.poll(() => command.output.stdout).toMatch(/ready on \S+, Admin API on \S+ /)
    const [, proxy = '', admin = ''] = /ready on (\S+), Admin API on (\S+) /.exec(command.output.stdout) ?? []
    expect(command.output.stderr).toMatch(/anonymous_reports is not simulated/)
    const response = await fetch(proxy)
    expect(response.status).toBe(502)
    expect(response.headers.get('x-hello-from-ts')).toMatch(/^TypeScript says hello/)
    expect((await fetch(`${admin}/status`)).status).toBe(200)
    command.child.kill('SIGTERM')
    expect((await command.exited).code).toBe(0)
  })
})

describe('a mistake', () => {
  it.each([
    [
      'an unknown plugin',
      '_format_version: "3.0"\nplugins: [{ name: no-such }]\n',
      /^kong-ts: \S*kong\.yml: plugins\[0\].*no-such.*hello-header/,
    ],
    ['bad YAML', '_format_version: "3.0"\nplugins: [{ name\n', /^kong-ts: \S*kong\.yml:3/],
    [
      'a service that does not exist',
      '_format_version: "3.0"\nroutes: [{ name: r, paths: [/], service: { name: nobody } }]\n',
      /^kong-ts: \S*kong\.yml: routes\[0\]\.service.*nobody/,
    ],
    ['no format version', 'plugins: []\n', /^kong-ts: \S*kong\.yml: _format_version/],
    [
      'a field the plugin does not have',
      '_format_version: "3.0"\nplugins: [{ name: hello-header, config: { massage: x } }]\n',
      /^kong-ts: \S*kong\.yml: plugins\[0\]\.config\.massage/,
    ],
  ])('in kong.yml (%s) is one line that names the file and the place, and exit code 1', async (_what, text, line) => {
    const { code, stderr } = await dev(await kongYml(text), '--server', HELLO).exited
    expect(code).toBe(1)
    const lines = stderr.trimEnd().split('\n')
    expect(lines.at(-1)).toMatch(line)
    expect(lines.filter((other) => other.includes('    at '))).toEqual([])
  })

  it('in the port: in use, or no port', async () => {
    const occupant = createServer()
    await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve))
    const { port } = occupant.address() as AddressInfo
    const config = join(EXAMPLES, 'hello-header/kong.yml')
    const { code, stderr } = await runKongTs(['dev', config], { ...process.env, KONG_TS_PROXY_PORT: String(port) }).exited
    occupant.close()
    expect(code).toBe(1)
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(new RegExp(`^kong-ts: .*${port}.*in use.* -p 8001 or KONG_TS_PROXY_PORT=8001`))
    const bad = await runKongTs(['dev', config], { ...process.env, KONG_TS_PROXY_PORT: 'eight' }).exited
    expect(bad).toMatchObject({
      code: 1,
      stderr: 'kong-ts: KONG_TS_PROXY_PORT is "eight": use a port from 1 to 65535, or 0 for any free one\n',
    })
  })

  it('in the command line: a file or script that does not exist, a missing argument', async () => {
    expect(await dev(join(folder, 'none.yml'), '--server', HELLO).exited).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^kong-ts: \S*none\.yml/) as string,
    })
    expect(await dev(await kongYml('_format_version: "3.0"\n'), '--server', join(folder, 'none.js')).exited).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/none\.js does not exist: build the plugin first/) as string,
    })
    expect(await dev(await kongYml('_format_version: "3.0"\n')).exited).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no plugin server found/) as string,
    })
    await writeFile(join(folder, 'package.json'), '{ "main": ')
    expect(await dev(await kongYml('_format_version: "3.0"\n')).exited).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^kong-ts: \S*package\.json cannot be read: .* name the script with --server/) as string,
    })
    expect(await runKongTs(['dev']).exited).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/missing required argument 'kong.yml'/) as string,
    })
  })
})
