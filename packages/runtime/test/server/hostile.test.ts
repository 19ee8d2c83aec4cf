import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { encode } from '@msgpack/msgpack'
import { Access, Log, Plugin, type PDK } from '@kong-ts/core'
import type { KongClient } from '../kong-client.js'
import { startTestServer, type TestServer } from '../test-server.js'

@Plugin('1.0.0', 1)
class Echo {
  seen: unknown

  @Access()
  async access(kong: PDK) {
    const headers = await kong.request.getHeaders()
    await kong.response.setHeader('x-keys', Object.keys(headers).join(' '))
    await kong.response.setHeader('x-first', String(Object.values(headers)[0]))
  }

  @Log() log() {}
}

let release = (): void => undefined
const released = new Promise<void>((resolve) => (release = resolve))

@Plugin('1.0.0', 1)
class Slow {
  @Access()
  access() {
    return released
  }
}

const LIMITS = { maxMessageBytes: 1 << 20, maxBufferedBytes: 3 << 20, maxDepth: 1024, maxValues: 1000 }
let server: TestServer
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server.close()
})

async function raw(): Promise<Socket> {
  const socket = connect(server.socketPath)
  sockets.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.resume()
  return socket
}

async function begin() {
  server = await startTestServer([Echo], { limits: LIMITS })
  const kong = await server.connect()
  const instance = await kong.startInstance('echo')
  return { kong, instance }
}

/** Gives the server time to do whatever it is going to do: it serves this connection in turn with the others. */
async function turnsOf(kong: KongClient): Promise<void> {
  for (let turn = 0; turn < 300; turn++) await kong.call('plugin.CloseInstance', 0)
}

/** Bytes of a Step with a table as Data, written by hand: no encoder writes such keys. */
function stepWithTable(event: number, pairs: readonly (readonly [Uint8Array, Uint8Array])[]): Buffer {
  const head = encode([0, 9, 'plugin.Step', [{ EventId: event, Data: 0 }]])
  return Buffer.concat([head.subarray(0, -1), Uint8Array.of(0x80 | pairs.length), ...pairs.flat()])
}

describe('messages in longer forms than Kong writes', () => {
  /** A text with its length in one byte, or in two. */
  const str8 = (text: string) => Buffer.concat([Buffer.of(0xd9, text.length), Buffer.from(text)])
  const str16 = (text: string) => Buffer.concat([Buffer.of(0xda, 0, text.length), Buffer.from(text)])

  it.each([
    ['str8', str8],
    ['str16', str16],
  ])('are read like those of Kong: keys as %s', async (_form, text) => {
    const { kong, instance } = await begin()
    const event = Buffer.concat([
      Buffer.of(0x94, 0, 50),
      text('plugin.HandleEvent'),
      Buffer.of(0xdc, 0, 1, 0xde, 0, 2),
      text('InstanceId'),
      encode(instance),
      text('EventName'),
      text('access'),
    ])
    kong.socket.write(event)
    const { result } = await kong.answer(50)
    const { EventId: id, Data: data } = result as { EventId: number; Data: { Method: string } }
    expect(data.Method).toMatch(/^kong\./)
    const step = Buffer.concat([
      Buffer.of(0x94, 0, 51),
      text('plugin.Step'),
      Buffer.of(0x91, 0x82),
      text('EventId'),
      encode(id),
      text('Data'),
      encode({ a: ['1'] }),
    ])
    kong.socket.write(step)
    expect((await kong.answer(51)).error).toBeNull()
    expect(server.server.counters).toMatchObject({ unknownSteps: 0, protocolErrors: 0 })
  })
})

describe('a message as long as the limit', () => {
  it('is read when its end comes together with the next message', async () => {
    const { kong, instance } = await begin()
    const { event } = await kong.handleEvent(instance, 'access')
    const empty = encode([0, 60, 'plugin.Step', [{ EventId: event, Data: new Uint8Array(70_000) }]]).length - 70_000
    const longest = encode([0, 60, 'plugin.Step', [{ EventId: event, Data: new Uint8Array(LIMITS.maxMessageBytes - empty) }]])
    expect(longest.length).toBe(LIMITS.maxMessageBytes)
    const next = encode([0, 61, 'plugin.CloseInstance', [0]])
    kong.socket.write(longest.subarray(0, -100))
    await expect.poll(() => server.server.counters.bufferedBytes).toBeGreaterThanOrEqual(longest.length - 100)
    kong.socket.write(Buffer.concat([longest.subarray(-100), next]))
    // The handler of the event goes on later than the instance is closed.
    expect([await kong.next(), await kong.next()].map(([, id, error]) => [id, error])).toEqual([
      [61, null],
      [60, null],
    ])
  })

  it('and a longer one is refused', async () => {
    const { kong, instance } = await begin()
    const { event } = await kong.handleEvent(instance, 'access')
    kong.socket.write(encode([0, 60, 'plugin.Step', [{ EventId: event, Data: new Uint8Array(LIMITS.maxMessageBytes) }]]))
    await expect(kong.answer(60)).rejects.toThrow()
    expect(server.server.counters.protocolErrors).toBe(1)
  })
})

describe('tables with keys that no JavaScript object would have', () => {
  it.each([
    ['trap __proto__: as a key', [encode('__proto__'), encode(['x'])], '__proto__', 'x'],
    ['constructor as a key', [encode('constructor'), encode(['y'])], 'constructor', 'y'],
    ['trap _method: as a header', [encode('_method'), encode(['z'])], '_method', 'z'],
    ['a number as a key', [encode(3), encode(['three'])], '3', 'three'],
  ] as const)('%s', async (_what, pair, key, value) => {
    const { kong, instance } = await begin()
    const { event } = await kong.handleEvent(instance, 'access')
    kong.socket.write(stepWithTable(event, [pair]))
    expect((await kong.answer(9)).result).toMatchObject({ Data: { Args: ['x-keys', key] } })
    expect((await kong.step(event, undefined)).data).toMatchObject({ Args: ['x-first', value] })
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  it('duplicate keys: the last one counts, as in Lua', async () => {
    const { kong, instance } = await begin()
    const { event } = await kong.handleEvent(instance, 'access')
    kong.socket.write(
      stepWithTable(event, [
        [encode('a'), encode(['1'])],
        [encode('a'), encode(['2'])],
      ]),
    )
    expect((await kong.answer(9)).result).toMatchObject({ Data: { Args: ['x-keys', 'a'] } })
    expect((await kong.step(event, undefined)).data).toMatchObject({ Args: ['x-first', '2'] })
  })

  it('text that is not UTF-8 comes back as the same bytes', async () => {
    const { kong, instance } = await begin()
    const { event } = await kong.handleEvent(instance, 'access')
    kong.socket.write(stepWithTable(event, [[encode('a'), Uint8Array.of(0x91, 0xa3, 0xff, 0x41, 0xc3)]]))
    await kong.answer(9)
    expect((await kong.step(event, undefined)).data).toEqual({
      Method: 'kong.response.set_header',
      Args: ['x-first', Buffer.of(0xff, 0x41, 0xc3)],
    })
  })
})

type Request = readonly [method: string, param: Uint8Array]

describe('numbers beyond 2^53', () => {
  it.each<readonly [string, (id: Uint8Array) => Request, RegExp | undefined]>([
    [
      'as InstanceId',
      (id: Uint8Array) => [
        'plugin.HandleEvent',
        Buffer.concat([Uint8Array.of(0x82), encode('InstanceId'), id, encode('EventName'), encode('log')]),
      ],
      /no plugin instance/,
    ],
    ['as EventId', (id: Uint8Array) => ['plugin.Step', Buffer.concat([Uint8Array.of(0x81), encode('EventId'), id])], /no event/],
    ['as the id to close', (id: Uint8Array) => ['plugin.CloseInstance', id], undefined],
  ])('%s are unknown ids', async (_what, request, error) => {
    const { kong, instance } = await begin()
    const [method, param] = request(Uint8Array.of(0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe))
    kong.socket.write(Buffer.concat([Uint8Array.of(0x94, 0x00, 0x09), encode(method), Uint8Array.of(0x91), param]))
    const answer = await kong.answer(9)
    if (error === undefined) expect(answer.error).toBeNull()
    else expect(answer.error).toMatch(error)
    expect(await kong.runEvent(instance, 'log')).toEqual([])
  })

  it('as a message id close that connection alone', async () => {
    const { kong, instance } = await begin()
    const hostile = await raw()
    hostile.write(Buffer.concat([Uint8Array.of(0x94, 0x00, 0xcf), Buffer.alloc(8, 0xff), encode('plugin.Step'), encode([])]))
    await expect.poll(() => server.server.counters).toMatchObject({ protocolErrors: 1, connections: 1 })
    expect(await kong.runEvent(instance, 'log')).toEqual([])
  })
})

it('tables where names should be are answered, not stumbled over', async () => {
  const { kong, instance } = await begin()
  expect((await kong.call('plugin.StartInstance', { Name: { a: 1 }, Config: '{}' })).error).toMatch(
    /^no plugin of type object in this server/,
  )
  expect((await kong.call('plugin.HandleEvent', { InstanceId: instance, EventName: { a: 1 } })).error).toMatch(
    /does not handle phase of type object/,
  )
  expect((await kong.call({ a: 1 }, { b: 2 })).error).toBe('no method of type object here')
  expect(await kong.runEvent(instance, 'log')).toEqual([])
})

describe('memory', () => {
  it('an announced 64 MiB allocates nothing before it comes', async () => {
    server = await startTestServer([Echo])
    const hostile = await raw()
    hostile.write(Uint8Array.of(0x94, 0x00, 0x01, 0xa1, 0x61, 0x91, 0xc6, 0x04, 0x00, 0x00, 0x00, 0x01))
    await expect.poll(() => server.server.counters.bufferedBytes).toBe(4096)
    hostile.destroy()
    await expect.poll(() => server.server.counters).toMatchObject({ bufferedBytes: 0, connections: 0, protocolErrors: 0 })
  })

  it('unfinished messages on many connections stay within one bound; those beyond it are refused, others are served', async () => {
    const { kong, instance } = await begin()
    const half = Buffer.concat([Uint8Array.of(0x94, 0x00, 0x01, 0xa1, 0x61, 0x91, 0xc6, 0x00, 0x0c, 0x00, 0x00), new Uint8Array(700_000)])
    const hostile = await Promise.all(Array.from({ length: 12 }, raw))
    for (const socket of hostile) socket.write(half)
    await expect.poll(() => server.server.counters.protocolErrors).toBeGreaterThanOrEqual(8)
    expect(server.server.counters.bufferedBytes).toBeLessThanOrEqual(LIMITS.maxBufferedBytes)
    expect(server.log.join('')).toContain('raise -max-buffered-bytes')
    expect(await kong.runEvent(instance, 'log')).toEqual([])
    for (const socket of hostile) socket.destroy()
    await expect.poll(() => server.server.counters).toMatchObject({ bufferedBytes: 0, connections: 1 })
  })

  it('a message of very many tiny tables is refused: a byte on the wire would be an object each', async () => {
    const { kong, instance } = await begin()
    const hostile = await raw()
    hostile.write(
      Buffer.concat([Uint8Array.of(0x94, 0x00, 0x01, 0xa1, 0x61, 0x91, 0xdd, 0x00, 0x00, 0x10, 0x00), new Uint8Array(0x1000).fill(0x80)]),
    )
    await expect.poll(() => server.server.counters.protocolErrors).toBe(1)
    expect(server.log.join('')).toContain('a message of more than 1000 values')
    expect(await kong.runEvent(instance, 'log')).toEqual([])
  })

  it('tables as deep as Kong’s JSON decoder goes are read, and deeper ones refused without a crash', async () => {
    const { kong, instance } = await begin()
    const nested = (depth: number) =>
      Buffer.concat([
        Uint8Array.of(0x94, 0x00, 0x09),
        encode('plugin.CloseInstance'),
        new Uint8Array(depth).fill(0x91),
        Uint8Array.of(0x01),
      ])
    kong.socket.write(nested(900))
    expect((await kong.answer(9)).error).toBeNull()
    ;(await raw()).write(nested(5000))
    await expect.poll(() => server.server.counters.protocolErrors).toBe(1)
    expect(await kong.runEvent(instance, 'log')).toEqual([])
  })
})

describe('a peer that does not read its answers', () => {
  it('is read from no further: what waits for it is bounded, and it is served when it reads again', async () => {
    const { kong, instance } = await begin()
    const flood = await raw()
    flood.pause()
    const request = Buffer.from(encode([0, 1, `plugin.${'x'.repeat(500)}`, [1]]))
    const total = 20_000
    let sent = 0
    let answered = 0
    // Each answer is about as long as the question.
    const write = (): void => {
      while (sent < total && flood.write(request)) sent++
      if (sent < total) flood.once('drain', write)
    }
    write()
    await expect.poll(() => server.server.counters.connections).toBe(2)
    await turnsOf(kong)
    expect(await kong.runEvent(instance, 'log')).toEqual([])
    const stalledAt = sent
    expect(stalledAt).toBeLessThan(total)
    flood.on('data', (chunk: Buffer) => (answered += chunk.length))
    flood.resume()
    await expect.poll(() => sent, { timeout: 10_000 }).toBeGreaterThanOrEqual(total)
    await expect.poll(() => answered, { timeout: 10_000 }).toBeGreaterThan(total * 500)
  })

  it('or has hundreds of events waiting on one connection, waits until some are through', async () => {
    server = await startTestServer([Slow])
    const kong = await server.connect()
    const instance = await kong.startInstance('slow')
    const flood = await raw()
    const event = Buffer.from(encode([0, 1, 'plugin.HandleEvent', [{ InstanceId: instance, EventName: 'access' }]]))
    const total = 20_000
    flood.write(Buffer.concat(Array.from({ length: total }, () => event)))
    await expect.poll(() => server.server.counters.events).toBeGreaterThan(256)
    await turnsOf(kong)
    expect(server.server.counters.liveEvents).toBeLessThan(total / 2)
    release()
    await expect.poll(() => server.server.counters, { timeout: 15_000 }).toMatchObject({ events: total, liveEvents: 0 })
  })
})
