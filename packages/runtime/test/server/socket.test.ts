import { renameSync } from 'node:fs'
import { lstat, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Log, Plugin } from '@kong-ts/core'
import { askSocketOwner } from '@kong-ts/runtime'
import { SocketReader } from '../../src/server/read-socket.js'
import { listenOnSocket } from '../../src/server/socket-listener.js'
import { startTestServer, type TestServer } from '../test-server.js'

@Plugin('1.0.0', 1)
class Quiet {
  @Log() log() {}
}

@Plugin('1.0.0', 1)
class Loud {
  @Log() log() {}
}

let folder: string
const servers: TestServer[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function start(socketPath: string, socketMode?: number): Promise<TestServer> {
  const server = await startTestServer([Quiet], { socketPath, ...(socketMode === undefined ? {} : { socketMode }) })
  servers.push(server)
  return server
}

describe('the socket', () => {
  it('has the mode it was given, 600 by default, and leaves nothing else in the folder', async () => {
    await start(join(folder, 'a.socket'))
    await start(join(folder, 'b.socket'), 0o660)
    expect((await stat(join(folder, 'a.socket'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'b.socket'))).mode & 0o777).toBe(0o660)
    expect((await readdir(folder)).toSorted()).toEqual(['a.socket', 'b.socket'])
  })

  it('trap kong reload: a new server takes the path over, the old one serves its connections and leaves the path alone when it ends', async () => {
    const path = join(folder, 'p.socket')
    const old = await start(path)
    const pooled = await old.connect()
    const instance = await pooled.startInstance('quiet')
    const next = await start(path)
    const { ino } = await lstat(path)
    expect(await pooled.runEvent(instance, 'log')).toEqual([])
    await old.close()
    expect((await lstat(path)).ino).toBe(ino)
    const kong = await next.connect()
    expect(await kong.runEvent(await kong.startInstance('quiet'), 'log')).toEqual([])
  })

  it('is never removed by a server that ends while its successor takes the path over', async () => {
    const path = join(folder, 'p.socket')
    const listen = () =>
      listenOnSocket({ path, mode: 0o600, plugins: ['quiet'], accept: (socket) => void socket.destroy(), acceptFailed: () => undefined })
    for (let round = 0; round < 30; round++) {
      // The path is no socket of a live program, so that the successor does not ask who it is.
      await rm(path, { force: true })
      const old = await listen()
      const temporary = join(folder, 'other')
      const successor = createServer()
      await new Promise<void>((resolve) => successor.listen(temporary, resolve))
      // The rename comes at every turn of the event loop around the close: a check and a removal in different turns would have it in between.
      const takingOver = (async () => {
        for (let turn = 0; turn < round % 10; turn++) await new Promise((resolve) => setImmediate(resolve))
        renameSync(temporary, path)
      })()
      old.close()
      await takingOver
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
      expect(
        await stat(path).then(
          () => 'there',
          () => 'removed',
        ),
      ).toBe('there')
      await new Promise((resolve) => successor.close(resolve))
    }
  })

  it('is left to the other one by a server that started at the same time and came first', async () => {
    const path = join(folder, 'p.socket')
    const [one, two] = await Promise.all([start(path), start(path)])
    const kong = await one.connect()
    await kong.startInstance('quiet')
    const [served, bypassed] = one.server.counters.connections === 1 ? [one, two] : [two, one]
    await bypassed.close()
    expect((await lstat(path)).isSocket()).toBe(true)
    expect(await (await served.connect()).startInstance('quiet')).toBeGreaterThan(0)
  })

  it('is taken over by a server that has one plugin more, or runs while the old one is busy', async () => {
    const path = join(folder, 'p.socket')
    await start(path)
    const next = await startTestServer([Loud, Quiet], { socketPath: path })
    servers.push(next)
    expect(await (await next.connect()).startInstance('loud')).toBeGreaterThan(0)
  })

  it('is never taken from a live server of another plugin', async () => {
    const path = join(folder, 'p.socket')
    const first = await start(path)
    await expect(startTestServer([Loud], { socketPath: path })).rejects.toThrow(
      `process ${process.pid} serves quiet on ${path}: give every plugin server its own -socket`,
    )
    expect(await (await first.connect()).startInstance('quiet')).toBeGreaterThan(0)
    expect(await readdir(folder)).toEqual(['p.socket'])
  })

  it.each([
    ['closes the connection', (socket: Socket) => void socket.end()],
    ['answers something else', (socket: Socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['says nothing', () => undefined],
  ])('is never taken from a live program that %s', async (_what, answer) => {
    const path = join(folder, 'p.socket')
    const sockets = new Set<Socket>()
    const stranger = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined))
      answer(socket)
    })
    await new Promise<void>((resolve) => stranger.listen(path, resolve))
    try {
      await expect(start(path)).rejects.toThrow(
        `another program listens on ${path} and does not say that it serves quiet: end it, or set another -socket`,
      )
      expect((await lstat(path)).isSocket()).toBe(true)
    } finally {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => stranger.close(resolve))
    }
  })

  it('answers who it is, what it serves and what it counts', async () => {
    const server = await start(join(folder, 'p.socket'))
    await (await server.connect()).startInstance('quiet')
    expect(await askSocketOwner(server.socketPath)).toMatchObject({
      kind: 'plugin-server',
      status: { pid: process.pid, plugins: ['quiet'], counters: { liveInstances: 1, instancesStarted: 1, liveEvents: 0 } },
    })
    await server.close()
    expect(await askSocketOwner(server.socketPath)).toEqual({ kind: 'nobody' })
  })

  it('replaces the stale file of a server that died', async () => {
    const path = join(folder, 'p.socket')
    const dead = createServer()
    await new Promise<void>((resolve) => dead.listen(join(folder, 'x'), resolve))
    await rename(join(folder, 'x'), path)
    await new Promise((resolve) => dead.close(resolve))
    expect((await lstat(path)).isSocket()).toBe(true)
    const server = await start(path)
    const kong = await server.connect()
    expect(await kong.startInstance('quiet')).toBeGreaterThan(0)
  })

  it('never replaces a file that is no socket', async () => {
    const path = join(folder, 'p.socket')
    await writeFile(path, 'data')
    await expect(start(path)).rejects.toThrow(/exists and is not a socket: remove it/)
    expect((await stat(path)).size).toBe(4)
  })

  it.each([
    ['a folder that does not exist', () => join(folder, 'no', 'p.socket'), /folder .*\/no does not exist: create it/],
    // Not even root may create files there.
    ['a folder that is not writable', () => '/proc/self/p.socket', /\/proc\/self/],
    [
      'a path longer than a socket can have',
      () => join(folder, `${'x'.repeat(120)}.socket`),
      /longer than 107 bytes: choose a shorter -kong-prefix/,
    ],
  ])('refuses %s, with the remedy', async (_what, path, message) => {
    await expect(start(path())).rejects.toThrow(message)
  })
})

describe('reading a socket', () => {
  it('reads into one buffer on this Node.js', async () => {
    const reader = new SocketReader()
    let received = ''
    const accepted: Socket[] = []
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      accepted.push(reader.read(socket, (buffer, length) => (received += buffer.toString('latin1', 0, length))))
    })
    await new Promise<void>((resolve) => server.listen(join(folder, 'r.socket'), resolve))
    const socket = connect(join(folder, 'r.socket'))
    try {
      expect(reader.path).toBeUndefined()
      socket.write('one')
      await expect.poll(() => received).toBe('one')
      socket.write('two')
      await expect.poll(() => received).toBe('onetwo')
      expect(reader.path).toBe('shared-buffer')
    } finally {
      for (const one of [socket, ...accepted]) one.destroy()
      server.close()
    }
  })

  it('falls back to data events where a handle takes no buffer', async () => {
    const reader = new SocketReader()
    let received = ''
    const accepted = new PassThrough()
    const socket = reader.read(accepted as unknown as Socket, (buffer, length) => (received += buffer.toString('latin1', 0, length)))
    accepted.write('one')
    accepted.write('two')
    await expect.poll(() => received).toBe('onetwo')
    expect([reader.path, socket]).toEqual(['data-events', accepted])
  })

  it('is told in the log of a server, once', async () => {
    const server = await start(join(folder, 'p.socket'))
    await server.connect()
    await server.connect()
    await expect
      .poll(() => server.log.filter((line) => line.includes('sockets are read')))
      .toEqual(['debug sockets are read into one shared buffer\n'])
  })
})
