import { afterEach, describe, expect, it } from 'vitest'
import { Access, Field, Log, Plugin, type PDK } from '@kong-ts/core'
import { encode } from '@msgpack/msgpack'
import { IsIn } from 'class-validator'
import { startTestServer, type TestServer } from '../test-server.js'

class Rule {
  @Field() @IsIn(['allow', 'deny']) action = 'deny'
}

@Plugin('1.0.0', 10)
class Greeter {
  @Field() message = 'hello'
  @Field({ elements: Rule }) rules: Rule[] = []

  @Access()
  async access(kong: PDK) {
    const host = await kong.request.getHeader('host')
    // Not awaited: it is sent all the same, before the phase ends.
    void kong.response.setHeader('x-greeting', `${this.message} ${host}`)
  }

  @Log() log() {}
}

@Plugin('1.0.0', 10)
class Failing {
  @Field() how = 'throw'

  @Access({ timeout: 400 })
  async access(kong: PDK) {
    if (this.how === 'throw') throw new Error('secret detail')
    const host = await kong.request.getHeader('host')
    if (this.how === 'between') throw new Error(`secret detail ${host}`)
    if (this.how === 'hang') await new Promise(() => undefined)
    if (this.how === 'exit') {
      try {
        await kong.response.exit(403, 'no')
      } catch {
        // A handler that swallows the exit cannot keep the request alive.
      }
      await kong.response.setHeader('x-late', 'never')
    }
  }

  @Log({ failOpen: true }) log() {
    throw new Error('late')
  }
}

let server: TestServer
afterEach(() => server.close())

describe('an event', () => {
  it('asks for each PDK call in turn, un-awaited ones included, and ends with ret', async () => {
    server = await startTestServer([Greeter])
    const kong = await server.connect()
    const id = await kong.startInstance('greeter', { message: 'hi', __seq__: 1, route_id: 'r' })
    expect(await kong.runEvent(id, 'access', { 'kong.request.get_header': 'example.com' })).toEqual([
      'kong.request.get_header("host")',
      'kong.response.set_header("x-greeting", "hi example.com")',
    ])
    expect(await kong.runEvent(id, 'log')).toEqual([])
  })

  it('belongs to the server: a step may come on any connection', async () => {
    server = await startTestServer([Greeter])
    const [first, second, third] = [await server.connect(), await server.connect(), await server.connect()]
    const id = await first.startInstance('greeter')
    const { event } = await second.handleEvent(id, 'access')
    second.close()
    const { data } = await third.step(event, 'a.com')
    expect(data).toEqual({ Method: 'kong.response.set_header', Args: ['x-greeting', 'hello a.com'] })
    expect((await first.step(event, undefined)).data).toBe('ret')
    expect(server.server.counters.liveEvents).toBe(0)
  })

  it('trap _method: a step is known by its EventId, whatever a client made of the method name', async () => {
    server = await startTestServer([Greeter])
    const kong = await server.connect()
    const { event } = await kong.handleEvent(await kong.startInstance('greeter'), 'access')
    const { data } = await kong.step(event, 'a.com', ['plugin.CloseInstance', true])
    expect(data).toMatchObject({ Method: 'kong.response.set_header' })
  })

  it('is read from bytes that come one at a time, and from messages that come glued', async () => {
    server = await startTestServer([Greeter])
    const kong = await server.connect()
    const id = await kong.startInstance('greeter')
    for (const byte of encode([0, 7, 'plugin.HandleEvent', [{ InstanceId: id, EventName: 'log' }]])) {
      await new Promise<void>((resolve) => kong.socket.write(Uint8Array.of(byte), () => resolve()))
    }
    expect(await kong.next()).toMatchObject([1, 7, null, { Data: 'ret' }])
    const glued = [8, 9, 10].map((messageId) => encode([0, messageId, 'plugin.HandleEvent', [{ InstanceId: id, EventName: 'log' }]]))
    kong.socket.write(Buffer.concat(glued))
    expect([(await kong.next())[1], (await kong.next())[1], (await kong.next())[1]]).toEqual([8, 9, 10])
  })

  it('of a phase the plugin does not handle, as after an update that Kong has not read, fails closed', async () => {
    server = await startTestServer([Greeter])
    const kong = await server.connect()
    const id = await kong.startInstance('greeter')
    expect(await kong.runEvent(id, 'rewrite')).toEqual([EXIT_500])
    expect((await kong.handleEvent(id, 'certificate')).error).toMatch(/does not handle phase certificate: .*reload Kong/)
    expect((await kong.handleEvent(id, 'no phase')).error).toMatch(/does not handle phase no phase/)
  })
})

const ASK_ID = 'kong.nginx.get_var("kong_request_id")'
const EXIT_500 =
  'kong.response.exit(500, "{\\"message\\":\\"An unexpected error occurred\\"}", {"content-type":"application/json; charset=utf-8"})'
const EXIT_504 =
  'kong.response.exit(504, "{\\"message\\":\\"The request took too long\\"}", {"content-type":"application/json; charset=utf-8"})'

describe('fail closed', () => {
  it.each([
    ['throw', [ASK_ID, EXIT_500]],
    ['between', ['kong.request.get_header("host")', ASK_ID, EXIT_500]],
    ['hang', ['kong.request.get_header("host")', ASK_ID, EXIT_504]],
  ])('a handler that fails (%s) ends the request before the phase ends', async (how, calls) => {
    server = await startTestServer([Failing])
    const kong = await server.connect()
    const id = await kong.startInstance('failing', { how })
    expect(await kong.runEvent(id, 'access', { 'kong.request.get_header': 'h', 'kong.nginx.get_var': '0f3a' })).toEqual(calls)
    expect(server.server.counters).toMatchObject({ failures: 1, failedClosed: 1, liveEvents: 0 })
    const [line] = server.log.filter((text) => text.startsWith('error [failing access] handler failed'))
    expect(line).toMatch(
      /^error \[failing access\] handler failed, client answered with 50[04] \(instance \d+, event \d+, request 0f3a\) \| .*Error/,
    )
  })

  it('lets the request go on where the phase says so', async () => {
    server = await startTestServer([Failing])
    const kong = await server.connect()
    expect(await kong.runEvent(await kong.startInstance('failing'), 'log')).toEqual([])
    expect(server.server.counters).toMatchObject({ failures: 1, failedOpen: 1 })
  })

  it('drops the event at exit, although the handler goes on and Kong never answers', async () => {
    server = await startTestServer([Failing])
    const kong = await server.connect()
    const id = await kong.startInstance('failing', { how: 'exit' })
    expect(await kong.runEvent(id, 'access')).toEqual(['kong.request.get_header("host")', 'kong.response.exit(403, "no")'])
    // The connection goes back to Kong's pool at once.
    expect(await kong.runEvent(id, 'log')).toEqual([])
    expect(server.server.counters).toMatchObject({ exits: 1, liveEvents: 0 })
  })

  it('forgets an event whose connection closes while Kong waits on it', async () => {
    server = await startTestServer([Failing])
    const kong = await server.connect()
    const id = await kong.startInstance('failing', { how: 'hang' })
    const { event } = await kong.handleEvent(id, 'access')
    kong.send('plugin.Step', { EventId: event, Data: 'h' })
    await new Promise<void>((resolve) => kong.socket.end(resolve))
    await expect.poll(() => server.server.counters).toMatchObject({ liveEvents: 0, lostEvents: 1, failedClosed: 0 })
  })
})

describe('a server that ends', () => {
  it('gives running events the time it was told, be it longer than any timer lasts', async () => {
    server = await startTestServer([Greeter])
    const [kong, other] = [await server.connect(), await server.connect()]
    const { event } = await kong.handleEvent(await kong.startInstance('greeter'), 'access')
    const closed = server.server.close(1e12)
    // It has time to do whatever it is going to do.
    for (let turn = 0; turn < 300; turn++) await other.call('plugin.CloseInstance', 0)
    await server.connect()
    await kong.step(event, 'h')
    expect((await kong.step(event, undefined)).data).toBe('ret')
    await closed
  })
})

describe('instances', () => {
  it('are refused with every problem of the configuration under its path in Kong', async () => {
    server = await startTestServer([Greeter])
    const kong = await server.connect()
    const config = { message: 5, rules: [{ action: 'allow' }, { action: false }], extra: true }
    await expect(kong.startInstance('greeter', config)).rejects.toThrow(
      'configuration of plugin greeter refused: config.message: must be a string (got 5); config.rules[1].action: must be a string (got false). Correct these fields in the configuration',
    )
    expect(server.server.counters).toMatchObject({ instancesRefused: 1, liveInstances: 0 })
  })

  it('trap "no plugin instance" loops: an unknown id is answered after two different serverPid notifications, and Kong starts anew', async () => {
    server = await startTestServer([Greeter])
    const kong = await server.connect()
    const { error, notifications } = await kong.call('plugin.HandleEvent', { InstanceId: 4711, EventName: 'log' })
    expect(error).toBe('no plugin instance 4711')
    expect(notifications.map(([type, label]) => [type, label])).toEqual([
      [2, 'serverPid'],
      [2, 'serverPid'],
    ])
    expect(new Set(notifications.map(([, , pid]) => pid)).size).toBe(2)
  })

  it('have ids that no other run of the server gives', async () => {
    server = await startTestServer([Greeter])
    const kong = await server.connect()
    const first = await kong.startInstance('greeter')
    expect(await kong.startInstance('greeter')).toBe(first + 1)
    const other = await startTestServer([Greeter])
    try {
      expect(await (await other.connect()).startInstance('greeter')).not.toBe(first)
    } finally {
      await other.close()
    }
  })

  it('close when Kong says so, after their running events', async () => {
    server = await startTestServer([Greeter])
    const [kong, other] = [await server.connect(), await server.connect()]
    const id = await kong.startInstance('greeter')
    const { event } = await kong.handleEvent(id, 'access')
    expect((await other.call('plugin.CloseInstance', id)).error).toBeNull()
    expect((await kong.step(event, 'h')).data).toMatchObject({ Method: 'kong.response.set_header' })
    expect(server.server.counters.liveInstances).toBe(1)
    await kong.step(event, undefined)
    await expect.poll(() => server.server.counters.liveInstances).toBe(0)
  })
})

describe('hostile bytes', () => {
  it.each([
    ['no MessagePack', Uint8Array.of(0xc1)],
    ['a message that is no request', encode([5, 1, 'plugin.Step', []])],
    ['an announced body of 4 GiB', Uint8Array.of(0x94, 0x00, 0x01, 0xa1, 0x61, 0x91, 0xc6, 0xff, 0xff, 0xff, 0xff)],
    ['an announced array of 4 billion', Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff)],
    ['tables in tables without end', Buffer.concat([Uint8Array.of(0x94, 0x00, 0x01, 0xa1, 0x61), new Uint8Array(100_000).fill(0x91)])],
    ['a message id that is no number of messages', encode([0, Number.POSITIVE_INFINITY, 'plugin.Step', []])],
  ])('%s closes that connection alone', async (_what, bytes) => {
    server = await startTestServer([Greeter])
    const [kong, hostile] = [await server.connect(), await server.connect()]
    const id = await kong.startInstance('greeter')
    hostile.socket.write(bytes)
    await expect(hostile.next()).rejects.toThrow(/closed|ECONNRESET/)
    expect(await kong.runEvent(id, 'log')).toEqual([])
    await expect.poll(() => server.server.counters).toMatchObject({ protocolErrors: 1, connections: 1 })
  })

  it('unknown methods, even ones named like members of an object, are answered with an error', async () => {
    server = await startTestServer([Greeter])
    const kong = await server.connect()
    for (const method of ['__proto__', 'constructor', 'plugin.SetPluginDir', 5])
      expect((await kong.call(method, {})).error).toMatch(/^no method/)
  })
})
