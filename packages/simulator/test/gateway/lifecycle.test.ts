import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startGateway, type GatewayOptions } from '../../src/gateway/index.js'
import { ClosingSteps } from '../../src/gateway/start/start-gateway.js'
import { pluginServer, PROTOCOLS, scripted, send, startTestGateway } from './fixtures/gateway-harness.js'

const SCHEMA_OF_NO_TYPE = `{"name":"x","fields":[{"config":{"type":"record","fields":[{"a":{"type":"text"}}]}}]}`
const CONFIG = { _format_version: '3.0', routes: [{ name: 'a', paths: ['/'] }] }

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kong-ts-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function faultOf(options: GatewayOptions): Promise<{ code: unknown; message: string }> {
  const error: unknown = await startGateway(options).then(
    (gateway) => gateway.close(),
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error) || !('code' in error)) throw new Error('the gateway started')
  expect(error.message).not.toContain('\n')
  return { code: error.code, message: error.message }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the gateway’s start and end', () => {
  it.each(PROTOCOLS)('leaves no process, socket or folder of %s behind, even of a plugin server that ignores SIGTERM', async (protocol) => {
    const gateway = await startTestGateway([{ name: 'good' }, { name: 'bad', behaviour: 'stubborn' }], {
      processes: true,
      protocol,
      config: { ...CONFIG, plugins: [scripted('good', {})] },
      graceMs: 200,
    })
    await send(gateway.proxyUrl)
    const pids = gateway.pluginServerPids
    const { prefix, proxyUrl } = gateway
    expect(pids).toHaveLength(2)
    await gateway.close()
    expect(pids.filter(isAlive)).toEqual([])
    expect(existsSync(prefix)).toBe(false)
    await expect(send(proxyUrl)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(gateway.log.printed('bad', 'ignored')).toHaveLength(1)
  })

  it.each(PROTOCOLS)('does not wait for a plugin server of %s that never answers', async (protocol) => {
    const gateway = await startTestGateway([{ name: 'p', behaviour: 'hang' }], {
      protocol,
      config: { ...CONFIG, plugins: [scripted('p', { access: [['kong.request.get_path', []]] })] },
    })
    const cut = expect(send(gateway.proxyUrl)).rejects.toThrow()
    await gateway.log.waitFor('p', 'started', 1)
    await gateway.close()
    await cut
  })

  it('gives up starting when its signal is aborted, even while a plugin server neither listens nor ends', async () => {
    const { startCommand: _, ...server } = pluginServer({ name: 'p' }, temporaryFolder())
    const ending = new AbortController()
    const pids: number[] = []
    const started = startGateway({
      config: CONFIG,
      pluginServers: [{ ...server, startCommand: `sh -c "trap '' TERM; echo pid $$; while :; do sleep 0.1; done"` }],
      // Longer than the test may take: a process that never listened is killed sooner.
      graceMs: 60_000,
      log: (_level, line) => {
        const pid = /pid (\d+)$/.exec(line)?.[1]
        if (pid === undefined) return
        pids.push(Number(pid))
        ending.abort(new Error('enough'))
      },
      signal: ending.signal,
    })
    await expect(started).rejects.toThrow('enough')
    expect([pids.length, pids.filter(isAlive)]).toEqual([1, []])
  })

  it('gives up starting while a query command runs', async () => {
    const ending = new AbortController()
    const started = startGateway({
      config: CONFIG,
      pluginServers: [{ name: 'p', queryCommand: 'echo asked >&2; sleep 60; true' }],
      log: () => ending.abort(new Error('enough')),
      signal: ending.signal,
    })
    await expect(started).rejects.toThrow('enough')
  })

  it('uses the configuration asked for last when reloads overlap', async () => {
    const file = join(temporaryFolder(), 'kong.yml')
    const withRoute = (path: string): Record<string, unknown> => ({ ...CONFIG, routes: [{ name: 'a', paths: [path] }] })
    writeFileSync(file, JSON.stringify(withRoute('/first')))
    const gateway = await startTestGateway([], { config: CONFIG })
    // The file has to be read, the document does not.
    await Promise.all([gateway.reload(file), gateway.reload(withRoute('/last'))])
    const statusOf = async (path: string): Promise<number> => (await send(`${gateway.proxyUrl}${path}`)).status
    expect([await statusOf('/first'), await statusOf('/last')]).toEqual([404, 200])
    const broken = gateway.reload({ _format_version: '0' })
    await Promise.all([expect(broken).rejects.toThrow('_format_version'), gateway.reload(withRoute('/after'))])
    expect(await statusOf('/after')).toBe(200)
  })

  it('closes everything even when one step fails', async () => {
    const steps = new ClosingSteps()
    const taken: string[] = []
    steps.add(() => taken.push('first'))
    steps.add(async () => {
      throw new Error('second')
    })
    steps.add(() => {
      throw new Error('third')
    })
    steps.add(() => taken.push('fourth'))
    await expect(steps.run()).rejects.toThrow('third')
    expect(taken).toEqual(['fourth', 'first'])
  })

  it('gives a plugin server nothing of its own environment', async () => {
    process.env['PATH_OF_TEST'] = 'secret'
    onTestFinished(() => void delete process.env['PATH_OF_TEST'])
    const gateway = await startTestGateway([{ name: 'p' }], { processes: true, config: { ...CONFIG, plugins: [scripted('p', {})] } })
    await send(gateway.proxyUrl)
    await gateway.log.waitFor('p', 'event', 1)
    expect(gateway.log.printed('p', 'leaked')).toEqual([])
  })

  it('names the port that is in use', async () => {
    const blocker = createServer()
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void blocker.close())
    const address = blocker.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect(await faultOf({ config: CONFIG, proxyPort: port })).toEqual({
      code: 'ERR_GATEWAY_START',
      message: `port ${port} of 127.0.0.1 is in use by another program; stop it or choose another port`,
    })
  })

  it('names the plugin nobody serves and lists those that are', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'kong.yml')
    writeFileSync(file, '_format_version: "3.0"\nplugins:\n- name: helo\n')
    expect(await faultOf({ config: file, pluginServers: [pluginServer({ name: 'hello' }, folder)] })).toEqual({
      code: 'ERR_GATEWAY_CONFIG',
      message: `${file}: plugins[0]: plugin "helo" is unknown; plugin servers offer: hello`,
    })
    expect(readdirSync(folder)).toEqual(['kong.yml'])
  })

  it('names the field of a plugin configuration the schema does not have', async () => {
    const fault = await faultOf({
      config: { ...CONFIG, plugins: [{ name: 'p', config: { nested: { deep: 1 } } }] },
      pluginServers: [pluginServer({ name: 'p' }, temporaryFolder())],
    })
    expect(fault).toEqual({
      code: 'ERR_GATEWAY_CONFIG',
      message: 'config: plugins[0].config.nested.deep: unknown field; write what the schema of "p" takes',
    })
  })

  it.each([
    [
      'prints a line before the JSON text',
      `echo starting; echo '{}'`,
      'printed "starting\\n{}" where Kong needs one JSON text (failed decoding plugin info); let it print nothing else to stdout',
    ],
    [
      'prints nothing',
      'true',
      'printed nothing where Kong needs one JSON text (failed decoding plugin info); let it print nothing else to stdout',
    ],
    ['lists no plugin', `echo '{"Plugins":[]}'`, 'printed plugin info that lists no plugin; see -dump of the plugin server'],
    [
      'has a schema Kong refuses',
      `echo '[{"Name":"x","Version":"1.0.0","Priority":1,"Phases":[],"Schema":${SCHEMA_OF_NO_TYPE}}]'`,
      expect.stringMatching(/^printed a schema of "x" that Kong refuses: fields\[1\]\S*: /),
    ],
    [
      'has no priority',
      `echo '[{"Name":"x"}]'`,
      'printed plugin info that has no whole number as Priority of "x"; ' +
        'Kong says "x plugin is enabled but not installed"; see -dump of the plugin server',
    ],
  ])('refuses a query command that %s', async (_, queryCommand, reason) => {
    const { code, message } = await faultOf({ config: CONFIG, pluginServers: [{ name: 'p', queryCommand }] })
    const start = `plugin server "p": the query command "${queryCommand}" `
    expect([code, message.slice(0, start.length), message.slice(start.length)]).toEqual(['ERR_GATEWAY_START', start, reason])
  })

  it('takes noise on stderr and any exit code of a query command', async () => {
    const folder = temporaryFolder()
    const { queryCommand, ...rest } = pluginServer({ name: 'p' }, folder)
    const gateway = await startGateway({
      config: CONFIG,
      pluginServers: [{ ...rest, queryCommand: `echo noise >&2; ${queryCommand}; exit 3` }],
    })
    await gateway.close()
  })

  it('names the start command that ends at once, with its last line', async () => {
    const folder = temporaryFolder()
    const { startCommand: _, ...rest } = pluginServer({ name: 'p' }, folder)
    const fault = await faultOf({ config: CONFIG, pluginServers: [{ ...rest, startCommand: 'sh -c "echo no luck >&2; exit 4"' }] })
    expect(fault).toEqual({
      code: 'ERR_GATEWAY_START',
      message:
        'plugin server "p": the start command "sh -c "echo no luck >&2; exit 4"" ended (exit code 4) before it listened on ' +
        `${join(folder, 'p.socket')}; its last line: no luck`,
    })
  })
})
