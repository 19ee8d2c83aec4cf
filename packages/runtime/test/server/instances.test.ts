import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Access, Field, Log, Plugin, type PDK } from '@kong-ts/core'
import { connectWorker, PROTOCOLS } from '../protocols.js'
import { startTestServer, type TestServer } from '../test-server.js'

/** Every object of the plugin that was made, with what happened to it. */
let objects: { closed: boolean }[] = []
let startGate: Promise<void> | undefined
let closeGate: Promise<void> | undefined
let startFails = false

@Plugin('1.0.0', 1)
class Counted {
  @Field() mode = 'a'
  @Field({ keys: String, values: Number }) weights = new Map<string, number>()
  closed = false

  async onStart() {
    objects.push(this)
    await startGate
    if (startFails) throw new Error('no database')
  }

  async onClose() {
    await closeGate
    this.closed = true
    if (this.mode === 'bad close') throw new Error('cannot close')
  }

  @Access()
  async access(kong: PDK) {
    await kong.response.setHeader('x-object', String(objects.findIndex((object) => object === this)))
  }

  @Log() log() {}
}

@Plugin('1.0.0', 1)
class Other {
  @Log() log() {}
}

const ENTITY = { __plugin_id: 'p1', __seq__: 1, __key__: 'plugins:counted::::', mode: 'b', weights: { x: 1, y: 2 } }
const SAME_IN_ANOTHER_ORDER = { weights: { y: 2, x: 1 }, mode: 'b', __key__: 'plugins:counted::::', __seq__: 1, __plugin_id: 'p1' }

let server: TestServer
beforeEach(() => {
  objects = []
  startGate = closeGate = undefined
  startFails = false
})
afterEach(() => server.close())

/** Something that can be opened later. */
function gate() {
  let open = (): void => undefined
  const promise = new Promise<void>((resolve) => (open = resolve))
  return { promise, open }
}

describe.each(PROTOCOLS)('StartInstance of the same plugin entity by several workers, on %s', (protocol) => {
  it('shares one object under an id each, whatever the order of keys; it closes with the last of them', async () => {
    server = await startTestServer([Counted], { protocol })
    const kong = await connectWorker(server, protocol)
    const [first, second] = [await kong.startInstance('counted', ENTITY), await kong.startInstance('counted', SAME_IN_ANOTHER_ORDER)]
    expect(second).not.toBe(first)
    expect(objects).toHaveLength(1)
    expect(server.server.counters).toMatchObject({ liveInstances: 2, livePlugins: 1 })
    expect(await kong.runEvent(second, 'access')).toEqual(['kong.response.set_header("x-object", "0")'])
    await kong.closeInstance(first)
    await expect.poll(() => server.server.counters.liveInstances).toBe(1)
    expect(objects).toMatchObject([{ closed: false }])
    expect(await kong.runEvent(second, 'access')).toEqual(['kong.response.set_header("x-object", "0")'])
    await kong.closeInstance(second)
    await expect.poll(() => server.server.counters).toMatchObject({ liveInstances: 0, livePlugins: 0 })
    expect(objects).toMatchObject([{ closed: true }])
  })

  it('waits for one start when they come at the same time', async () => {
    server = await startTestServer([Counted], { protocol })
    const { promise, open } = gate()
    startGate = promise
    const workers = [await connectWorker(server, protocol), await connectWorker(server, protocol), await connectWorker(server, protocol)]
    const starts = workers.map((kong) => kong.startInstance('counted', ENTITY))
    await expect.poll(() => objects.length).toBe(1)
    open()
    expect(new Set(await Promise.all(starts)).size).toBe(3)
    expect(objects).toHaveLength(1)
  })

  it.each([
    ['another __seq__', { ...ENTITY, __seq__: 2 }],
    ['another plugin entity', { ...ENTITY, __plugin_id: 'p2' }],
    ['another configuration', { ...ENTITY, mode: 'c' }],
  ])('shares nothing with %s', async (_what, config) => {
    server = await startTestServer([Counted], { protocol })
    const kong = await connectWorker(server, protocol)
    await kong.startInstance('counted', ENTITY)
    await kong.startInstance('counted', config)
    expect(objects).toHaveLength(2)
  })

  it('shares nothing where Kong does not name the entity, nor between plugins', async () => {
    server = await startTestServer([Counted, Other], { protocol })
    const kong = await connectWorker(server, protocol)
    await kong.startInstance('counted', { mode: 'a' })
    await kong.startInstance('counted', { mode: 'a' })
    await kong.startInstance('counted', { __plugin_id: 'p' })
    await kong.startInstance('other', { __plugin_id: 'p' })
    expect(server.server.counters.livePlugins).toBe(4)
  })

  it('makes a new object while the last one closes', async () => {
    server = await startTestServer([Counted], { protocol })
    const { promise, open } = gate()
    closeGate = promise
    const kong = await connectWorker(server, protocol)
    await kong.closeInstance(await kong.startInstance('counted', ENTITY))
    await kong.startInstance('counted', ENTITY)
    expect(objects).toHaveLength(2)
    open()
    await expect.poll(() => objects.map(({ closed }) => closed)).toEqual([true, false])
  })
})

describe.each(PROTOCOLS)('a start on %s', (protocol) => {
  // ProtoBuf:1 has no error answers: the connection closes.
  const refused = (message: string): string => (protocol === 'MsgPack:1' ? message : 'the server closed the connection')

  it('that fails refuses every worker that waited for it, and is tried anew by the next', async () => {
    server = await startTestServer([Counted], { protocol })
    const { promise, open } = gate()
    startGate = promise
    startFails = true
    const [one, two] = [await connectWorker(server, protocol), await connectWorker(server, protocol)]
    const starts = [one, two].map((kong) =>
      kong.startInstance('counted', ENTITY).then(
        () => 'started',
        (error: Error) => error.message,
      ),
    )
    await expect.poll(() => objects.length).toBe(1)
    open()
    expect(await Promise.all(starts)).toEqual([refused('no database'), refused('no database')])
    expect(server.server.counters).toMatchObject({ instancesRefused: 2, liveInstances: 0 })
    await expect.poll(() => server.server.counters.livePlugins).toBe(0)
    startFails = false
    expect(await (await connectWorker(server, protocol)).startInstance('counted', ENTITY)).toBeGreaterThan(0)
  })

  it('that takes too long is refused before Kong gives up; what starts late is closed', async () => {
    server = await startTestServer([Counted], { protocol, startTimeout: 400 })
    const { promise, open } = gate()
    startGate = promise
    const kong = await connectWorker(server, protocol)
    await expect(kong.startInstance('counted', ENTITY)).rejects.toThrow(
      refused('plugin counted did not start within 400 ms: limit the time that its constructor and onStart wait'),
    )
    startGate = undefined
    await (await connectWorker(server, protocol)).startInstance('counted', ENTITY)
    open()
    await expect.poll(() => objects.map(({ closed }) => closed)).toEqual([true, false])
  })
})

describe.each(PROTOCOLS)('closing on %s', (protocol) => {
  it('logs an onClose that fails, or that never returns, and goes on', async () => {
    server = await startTestServer([Counted], { protocol, closeTimeout: 30 })
    const kong = await connectWorker(server, protocol)
    await kong.closeInstance(await kong.startInstance('counted', { mode: 'bad close' }))
    await expect.poll(() => server.log.join('')).toMatch(/error \[counted\] onClose failed \(instance \d+\) \| Error: cannot close/)
    closeGate = new Promise(() => undefined)
    await kong.closeInstance(await kong.startInstance('counted', { mode: 'hang' }))
    await expect.poll(() => server.log.join('')).toContain('the plugin did not close within 30 ms')
    expect(server.server.counters).toMatchObject({ liveInstances: 0, livePlugins: 0 })
  })

  it('is finished before the server ends, also what Kong closed a moment earlier', async () => {
    server = await startTestServer([Counted], { protocol })
    const { promise, open } = gate()
    closeGate = promise
    const kong = await connectWorker(server, protocol)
    await kong.closeInstance(await kong.startInstance('counted'))
    await kong.startInstance('counted')
    const closed = server.server.close(1000)
    open()
    await closed
    expect(objects).toMatchObject([{ closed: true }, { closed: true }])
  })
})

describe('closing the server', () => {
  it('refuses an instance that is starting, and closes its plugin before it ends', async () => {
    server = await startTestServer([Counted])
    const { promise, open } = gate()
    startGate = promise
    const start = (await server.connect()).startInstance('counted', ENTITY).catch((error: Error) => error.message)
    await expect.poll(() => objects.length).toBe(1)
    let isClosed = false
    const closed = server.server.close(50).then(() => (isClosed = true))
    // Kong's connection ends with the server, with or without the refusal.
    expect(await start).toMatch(/ending|closed the connection/)
    expect(isClosed).toBe(false)
    open()
    await closed
    expect(objects).toMatchObject([{ closed: true }])
    expect(server.server.counters).toMatchObject({ liveInstances: 0, livePlugins: 0, instancesRefused: 1 })
  })
})

describe('closing', () => {
  it('an event on an instance that was closed meanwhile asks Kong to start it anew', async () => {
    server = await startTestServer([Counted])
    const kong = await server.connect()
    const id = await kong.startInstance('counted')
    await kong.call('plugin.CloseInstance', id)
    expect((await kong.handleEvent(id, 'log')).error).toBe(`no plugin instance ${id}`)
    expect((await kong.call('plugin.CloseInstance', id)).error).toBeNull()
  })

  it('happens to instances without events for the idle time, never to busy ones', async () => {
    server = await startTestServer([Counted], { instanceIdleTimeout: 60 })
    const kong = await server.connect()
    const busy = await kong.startInstance('counted')
    await kong.startInstance('counted')
    const { event } = await kong.handleEvent(busy, 'access')
    await expect.poll(() => server.server.counters.liveInstances).toBe(1)
    expect((await kong.step(event, undefined)).data).toBe('ret')
    await expect.poll(() => server.server.counters.liveInstances).toBe(0)
    expect((await kong.handleEvent(busy, 'access')).error).toMatch(/^no plugin instance/)
  })

  it('happens to the instance idle longest when there are too many', async () => {
    server = await startTestServer([Counted], { maxInstances: 2 })
    const kong = await server.connect()
    const [first, second] = [await kong.startInstance('counted'), await kong.startInstance('counted')]
    await kong.runEvent(first, 'log')
    const third = await kong.startInstance('counted')
    expect((await kong.handleEvent(second, 'log')).error).toMatch(/^no plugin instance/)
    expect(await kong.runEvent(first, 'log')).toEqual([])
    expect(await kong.runEvent(third, 'log')).toEqual([])
    expect(server.server.counters.liveInstances).toBe(2)
  })

  it('never happens to the one that just started, however busy the others are: Kong would start it again and again', async () => {
    server = await startTestServer([Counted], { maxInstances: 2 })
    const kong = await server.connect()
    const busy = [await kong.startInstance('counted'), await kong.startInstance('counted')]
    const events = await Promise.all(busy.map(async (instance) => (await (await server.connect()).handleEvent(instance, 'access')).event))
    const third = await kong.startInstance('counted')
    expect(await kong.runEvent(third, 'log')).toEqual([])
    for (const event of events) await kong.step(event, undefined)
    const fourth = await kong.startInstance('counted')
    expect(await kong.runEvent(fourth, 'log')).toEqual([])
    await expect.poll(() => server.server.counters.liveInstances).toBe(2)
  })
})
