import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askSocketOwner } from '@kong-ts/runtime'
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

async function serve(...args: string[]) {
  const server = start('-kong-prefix', prefix, ...args)
  const socketPath = join(prefix, 'noisy.socket')
  await expect.poll(() => server.output.stderr).toContain(`info serving noisy 1.0.0, second 1.0.0 on ${socketPath}`)
  return { ...server, socketPath, kong: await KongClient.connect(socketPath) }
}

describe('-dump', () => {
  it('prints one line of JSON and nothing else to stdout, whatever plugin code prints while loading', async () => {
    const { code, stdout, stderr } = await start('-dump').exited
    expect(code).toBe(0)
    expect(stdout.split('\n')).toHaveLength(2)
    expect(JSON.parse(stdout)).toMatchObject({
      Protocol: 'MsgPack:1',
      Plugins: [{ Name: 'noisy', Phases: ['access'] }, { Name: 'second' }],
    })
    expect(stderr).toBe('loading …\nstill loading …\n')
  })

  it('dumps one plugin by name, because Kong 3.9 reads only the first', async () => {
    const { stdout } = await start('--dump=second').exited
    expect((JSON.parse(stdout) as { Plugins: unknown[] }).Plugins).toMatchObject([{ Name: 'second' }])
    expect(await start('-dump=third').exited).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('-dump=third: this server has no such plugin, but noisy, second') as string,
    })
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

  /** A running event whose handler never returns. */
  async function blocked(...args: string[]) {
    const server = await serve(...args)
    const { event } = await server.kong.handleEvent(await server.kong.startInstance('noisy'), 'access')
    const answer = server.kong.step(event, 'blocked')
    await expect.poll(() => askSocketOwner(server.socketPath)).toMatchObject({ status: { counters: { liveEvents: 1 } } })
    return { ...server, event, answer }
  }

  it('ends running events with 504 when the time to drain is over: Kong would let them pass', async () => {
    const { child, exited, kong, event, answer } = await blocked('-drain-seconds', '1')
    child.kill('SIGTERM')
    expect((await answer).data).toEqual({ Method: 'kong.nginx.get_var', Args: ['kong_request_id'] })
    expect((await kong.step(event, undefined)).data).toMatchObject({ Method: 'kong.response.exit', Args: { 0: 504 } })
    expect(await exited).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('the plugin server ended while the handler ran, after 1000 ms') as string,
    })
  })

  it('ends at once at the second signal', async () => {
    const { child, output, exited, kong, answer } = await blocked('-drain-seconds', '600')
    child.kill('SIGTERM')
    await expect.poll(() => output.stderr).toContain('SIGTERM: finishing running events')
    expect(child.exitCode).toBeNull()
    child.kill('SIGINT')
    await expect(answer).rejects.toThrow(/closed/)
    expect(await exited).toMatchObject({ code: 1, stderr: expect.stringContaining('second signal (SIGINT): ending at once') as string })
    kong.close()
  })

  it('takes new requests while it drains: while nobody listens, Kong lets them pass', async () => {
    const { child, output, exited, socketPath, kong, answer } = await blocked('-drain-seconds', '60')
    child.kill('SIGTERM')
    await expect.poll(() => output.stderr).toContain('SIGTERM: finishing running events')
    const other = await KongClient.connect(socketPath)
    expect(await other.runEvent(await other.startInstance('noisy'), 'access')).toHaveLength(2)
    other.close()
    kong.close()
    await expect(answer).rejects.toThrow()
    expect((await exited).code).toBe(0)
  })

  it('ends itself with -exit-on-stdin-close when the worker that started it has died, and without it goes on', async () => {
    const tied = await serve('-exit-on-stdin-close')
    tied.child.stdin.end()
    expect(await tied.exited).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('stdin closed: finishing running events') as string,
    })
    const free = await serve()
    free.child.stdin.end()
    expect(await free.kong.runEvent(await free.kong.startInstance('noisy'), 'access')).toHaveLength(2)
    expect(free.child.exitCode).toBeNull()
  })

  it('goes on when nobody reads what it prints', async () => {
    const { child, kong } = await serve()
    child.stdout.destroy()
    child.stderr.destroy()
    const id = await kong.startInstance('noisy')
    expect(await kong.runEvent(id, 'access', { 'kong.request.get_header': 'secret' })).toHaveLength(3)
    expect(await kong.runEvent(id, 'access')).toHaveLength(2)
  })

  it('names the event in which a refused call was not awaited, and lets it go on', async () => {
    const { output, kong } = await serve()
    const id = await kong.startInstance('noisy')
    const calls = await kong.runEvent(id, 'access', { 'kong.request.get_header': 'unawaited' })
    expect(calls.at(-1)).toMatch(/^kong.response.set_header/)
    await expect
      .poll(() => output.stderr)
      .toMatch(
        /error \[noisy access\] a promise that nobody awaited was rejected \(instance \d+, event \d+\) \| PdkArgumentError: kong.response.set_status/,
      )
  })

  it('writes JSON with -log-format json: one record per line, with plugin, phase, instance, event, request and stack', async () => {
    const server = start('-kong-prefix', prefix, '-log-format', 'json')
    await expect.poll(() => server.output.stderr).toContain('serving')
    const kong = await KongClient.connect(join(prefix, 'noisy.socket'))
    const id = await kong.startInstance('noisy')
    await kong.runEvent(id, 'access', { 'kong.request.get_header': 'secret', 'kong.nginx.get_var': 'abc123' })
    await expect.poll(() => server.output.stderr).toContain('handler failed')
    const records = server.output.stderr.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as unknown] : []))
    expect(records.at(-1)).toMatchObject({
      level: 'error',
      plugin: 'noisy',
      phase: 'access',
      instance: id,
      event: expect.any(Number) as number,
      request: 'abc123',
      msg: 'handler failed, client answered with 500',
      err: { message: 'about the request', stack: expect.stringContaining('noisy-server.mjs') as string },
    })
    kong.close()
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
    expect(stderr).toContain('uncaught exception: finishing running events')
    expect(stderr).toContain('crash outside')
  })

  it('says in one line why it does not start', async () => {
    const { code, stderr } = await start('-kong-prefix', join(prefix, 'missing')).exited
    expect(code).toBe(1)
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `noisy-server.mjs: folder ${prefix}/missing does not exist: create it, or set -kong-prefix to Kong's prefix`,
    )
  })

  it('prints its options and plugins with -help', async () => {
    const { code, stdout } = await start('--help').exited
    expect(code).toBe(0)
    expect(stdout).toContain('noisy 1.0.0, priority 1, phases access')
    expect(stdout).toContain('-kong-prefix DIR')
  })
})
