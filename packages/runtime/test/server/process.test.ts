import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KongClient } from '../kong-client.js'

const SCRIPT = fileURLToPath(new URL('../fixtures/noisy-server.mjs', import.meta.url))

let prefix: string
const running = new Set<ChildProcess>()

beforeEach(async () => {
  prefix = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
})
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  await rm(prefix, { recursive: true, force: true })
})

/** Runs the server as Kong does: with an empty environment. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [SCRIPT, ...args], { env: {}, stdio: ['pipe', 'pipe', 'pipe'] })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)))
  const exited = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }))
  return { child, output, exited }
}

async function serve() {
  const server = start('-kong-prefix', prefix)
  const socketPath = join(prefix, 'noisy.socket')
  await expect.poll(() => server.output.stderr).toContain(`info serving noisy 1.0.0, second 1.0.0 on ${socketPath}`)
  return { ...server, socketPath, kong: await KongClient.connect(socketPath) }
}

describe('-dump', () => {
  it('prints one line of JSON and nothing else to stdout, whatever plugin code prints while loading', async () => {
    const { code, stdout, stderr } = await start('-dump').exited
    expect(code).toBe(0)
    expect(stdout.split('\n')).toHaveLength(2)
    expect(JSON.parse(stdout)).toMatchObject({ Protocol: 'MsgPack:1', Plugins: [{ Name: 'noisy', Phases: ['access'] }, { Name: 'second' }] })
    expect(stderr).toBe('loading …\nstill loading …\n')
  })

  it('dumps one plugin by name, because Kong 3.9 reads only the first', async () => {
    const { stdout } = await start('--dump=second').exited
    expect((JSON.parse(stdout) as { Plugins: unknown[] }).Plugins).toMatchObject([{ Name: 'second' }])
    expect(await start('-dump=third').exited).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('no plugin third here, only noisy, second') as string })
  })
})

describe('a plugin server process', () => {
  it('finishes running events on SIGTERM, and takes its socket along', async () => {
    const { child, exited, socketPath, kong } = await serve()
    const id = await kong.startInstance('noisy')
    const { event } = await kong.handleEvent(id, 'access')
    const step = kong.step(event, 'slow')
    await new Promise((resolve) => kong.socket.write('', resolve))
    child.kill('SIGTERM')
    const { data } = await step
    expect(data).toMatchObject({ Method: 'kong.response.set_header' })
    expect((await kong.step(event, undefined)).data).toBe('ret')
    expect((await exited).code).toBe(0)
    await expect(access(socketPath)).rejects.toThrow(/ENOENT/)
  })

  it('survives a rejection that nobody awaited', async () => {
    const { output, kong } = await serve()
    const id = await kong.startInstance('noisy')
    expect(await kong.runEvent(id, 'access', { 'kong.request.get_header': 'stray' })).toHaveLength(2)
    await expect.poll(() => output.stderr).toContain('a promise that nobody awaited was rejected')
    expect(await kong.runEvent(id, 'access')).toHaveLength(2)
  })

  it('finishes running events after an uncaught exception, and exits so that Kong starts another', async () => {
    const { exited, kong } = await serve()
    const id = await kong.startInstance('noisy')
    expect(await kong.runEvent(id, 'access', { 'kong.request.get_header': 'crash' })).toHaveLength(2)
    const { code, stderr } = await exited
    expect(code).toBe(1)
    expect(stderr).toContain('crash outside')
  })

  it('says in one line why it does not start', async () => {
    const { code, stderr } = await start('-kong-prefix', join(prefix, 'missing')).exited
    expect(code).toBe(1)
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(`noisy-server.mjs: folder ${prefix}/missing does not exist: create it, or set -kong-prefix to Kong's prefix`)
  })

  it('prints its options and plugins with -help', async () => {
    const { code, stdout } = await start('--help').exited
    expect(code).toBe(0)
    expect(stdout).toContain('noisy 1.0.0, priority 1, phases access')
    expect(stdout).toContain('-kong-prefix DIR')
  })
})
