import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Access, Field, Log, Plugin, type PDK } from '@kong-ts/core'
import { DEFAULT_LIMITS } from '@kong-ts/runtime'
import { ProtobufKongClient, frame, protobufBytes, protobufMessage } from '../protobuf-kong-client.js'
import { startTestServer, type TestServer } from '../test-server.js'

@Plugin('1.0.0', 10)
class Greeter {
  @Field() message = 'hello'

  @Access()
  async access(kong: PDK) {
    const host = await kong.request.getHeader('host')
    await kong.response.setHeader('x-greeting', `${this.message} ${host}`)
  }

  @Log() log() {}
}

@Plugin('1.0.0', 10)
class BodyReader {
  @Access()
  async access(kong: PDK) {
    const body = await kong.request.getRawBody().catch((error: Error) => new TextEncoder().encode(error.message))
    await kong.log.err(new TextDecoder().decode(body))
  }
}

@Plugin('1.0.0', 10)
class Inspector {
  @Access()
  async access(kong: PDK) {
    const refused = await kong.vault.get('{vault://env/a}').catch((error: Error) => error.message)
    await kong.log.err(String(refused))
  }
}

let server: TestServer
const clients: ProtobufKongClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await server.close()
})

async function connect(): Promise<ProtobufKongClient> {
  const client = await ProtobufKongClient.connect(server.socketPath)
  clients.push(client)
  return client
}

async function serve(
  plugins: Parameters<typeof startTestServer>[0],
  options: Parameters<typeof startTestServer>[1] = {},
): Promise<ProtobufKongClient> {
  server = await startTestServer(plugins, { protocol: 'ProtoBuf:1', ...options })
  return connect()
}

/** What the plugin wrote to Kong's log. */
async function logged(kong: ProtobufKongClient): Promise<unknown> {
  const call = await kong.nextCall()
  expect(call?.method).toBe('kong.log.err')
  kong.reply()
  const { values } = protobufMessage('List', call?.args ?? Buffer.alloc(0)) as { values: { string_value: string }[] }
  return values[0]?.string_value
}

describe('framing', () => {
  it.each([
    ['zero', []],
    ['small', [0x08, 0x05]],
    ['the largest that is exact in a double', [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['beyond that', [0x08, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
  ])('returns a sequence that is %s as it came, and reads over fields it does not know', async (_size, sequence) => {
    const kong = await serve([Greeter])
    const id = await kong.startInstance('greeter')
    const event = protobufBytes('Event', { instance_id: id, event_name: 'log' })
    const unknown = [0x10, 0x07]
    kong.socket.write(frame(Buffer.of(...sequence, 0xa2, 0x02, event.length + 2, ...unknown, ...event)))
    expect([(await kong.next()).length, [...(await kong.next())]]).toEqual([0, sequence])
  })

  it('takes an event from bytes that come one at a time', async () => {
    const kong = await serve([Greeter])
    const id = await kong.startInstance('greeter')
    for (const byte of frame(protobufBytes('Call', { sequence: 9, event: { instance_id: id, event_name: 'log' } }))) {
      await new Promise<void>((resolve) => kong.socket.write(Uint8Array.of(byte), () => resolve()))
    }
    expect([(await kong.next()).length, protobufMessage('Return', await kong.next())]).toEqual([0, { sequence: 9 }])
  })

  it('takes commands that come glued one after the other', async () => {
    const kong = await serve([Greeter])
    const id = await kong.startInstance('greeter')
    kong.socket.write(
      Buffer.concat([7, 8, 9].map((sequence) => frame(protobufBytes('Call', { sequence, event: { instance_id: id, event_name: 'log' } })))),
    )
    for (const sequence of [7, 8, 9])
      expect([(await kong.next()).length, protobufMessage('Return', await kong.next())]).toEqual([0, { sequence }])
  })

  it('gives a call, and the end of an event, in one write each', async () => {
    const kong = await serve([Greeter])
    const id = await kong.startInstance('greeter')
    const reads: number[] = []
    kong.socket.on('data', (chunk) => reads.push(chunk.length))
    expect(await kong.runEvent(id, 'access', { 'kong.request.get_header': 'h' })).toHaveLength(2)
    expect(reads).toHaveLength(3)
  })

  it.each([
    ['bytes that are no message', Buffer.of(0x0b, 0xff)],
    ['a command that Kong does not send', protobufBytes('Call', { sequence: 5 })],
    ['tables in tables without end', Buffer.alloc(4000, 0x1a)],
  ])('%s close that connection alone', async (_what, bytes) => {
    const kong = await serve([Greeter])
    const id = await kong.startInstance('greeter')
    const hostile = await connect()
    hostile.socket.write(frame(bytes))
    await hostile.closed
    expect(await kong.runEvent(id, 'log')).toEqual([])
    expect(server.log.join('\n')).toMatch(/warn connection closed/)
  })

  it('a command longer than the limit closes its connection', async () => {
    const kong = await serve([Greeter], { limits: { ...DEFAULT_LIMITS, maxMessageBytes: 1000 } })
    kong.socket.write(frame(Buffer.alloc(1001)))
    await kong.closed
    expect(server.server.counters).toMatchObject({ protocolErrors: 1 })
  })
})

describe('an event', () => {
  it('is forgotten when its connection closes, with the handler told', async () => {
    const kong = await serve([Greeter])
    kong.handleEvent(await kong.startInstance('greeter'), 'access')
    expect((await kong.nextCall())?.method).toBe('kong.request.get_header')
    kong.close()
    await expect.poll(() => server.server.counters).toMatchObject({ liveEvents: 0, lostEvents: 1, failedClosed: 0 })
  })

  it('trap replay: a phase the plugin does not handle ends the request, or the event where there is none', async () => {
    const kong = await serve([Greeter])
    const id = await kong.startInstance('greeter')
    expect(await kong.runEvent(id, 'certificate')).toEqual([])
    expect((await kong.runEvent(id, 'rewrite'))[0]).toMatch(/^kong\.response\.exit\(500, /)
    expect(server.log.join('\n')).toContain('plugin greeter does not handle phase rewrite')
  })

  it('trap replay: an answer that cannot be read costs that call, never the connection', async () => {
    const kong = await serve([Greeter])
    kong.handleEvent(await kong.startInstance('greeter'), 'access')
    await kong.nextCall()
    kong.reply(Buffer.of(0x0a, 0x7f))
    expect((await kong.nextCall())?.method).toBe('kong.nginx.get_var')
    kong.reply()
    const exit = await kong.nextCall()
    expect([exit?.method, protobufMessage('Exit', exit?.args ?? Buffer.alloc(0))['status']]).toEqual(['kong.response.exit', 500])
  })

  it('goes on after a call that ProtoBuf:1 does not have, with the remedy in the error', async () => {
    const kong = await serve([Inspector])
    kong.handleEvent(await kong.startInstance('inspector'), 'access')
    expect(await logged(kong)).toBe(
      'kong.vault.get was not called: ProtoBuf:1 cannot carry it. Make it a field with referenceable: true, which Kong resolves; or start with -protocol MsgPack:1.',
    )
    expect(await kong.nextCall()).toBeUndefined()
  })

  it('trap replay: is given up when Kong does not answer a call, and fails closed when it does so late', async () => {
    const kong = await serve([Greeter], { abandonedEventTimeout: 40 })
    kong.handleEvent(await kong.startInstance('greeter'), 'access')
    await kong.nextCall()
    await expect.poll(() => server.server.counters).toMatchObject({ liveEvents: 0, abandonedEvents: 1, lostEvents: 1 })
    kong.reply(protobufBytes('String', { v: 'late' }))
    const exit = await kong.nextCall()
    expect([exit?.method, protobufMessage('Exit', exit?.args ?? Buffer.alloc(0))['status']]).toEqual(['kong.response.exit', 500])
  })
})

describe('a request body', () => {
  let folder: string | undefined
  afterEach(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
    folder = undefined
  })

  async function bodyFor(answer: object, options: Parameters<typeof serve>[1] = {}): Promise<unknown> {
    const kong = await serve([BodyReader], options)
    kong.handleEvent(await kong.startInstance('body-reader'), 'access')
    expect((await kong.nextCall())?.method).toBe('kong.request.get_raw_body')
    kong.reply(protobufBytes('Body', { ...answer }))
    return logged(kong)
  }

  it('comes with the answer', async () => {
    expect(await bodyFor({ content: Buffer.from('in memory') })).toBe('in memory')
  })

  it('is read from the file to which nginx has written it', async () => {
    folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
    await writeFile(join(folder, 'body'), 'in a file')
    expect(await bodyFor({ body_filepath: join(folder, 'body') })).toBe('in a file')
  })

  it.each([
    [{ body_filepath: '/nowhere/body' }, /^nginx wrote the request body to \/nowhere\/body, which this server cannot read/],
    [{ body_filepath: 'relative' }, /its path is not absolute/],
    [{ error: 'too large' }, /^Kong cannot give the request body: too large/],
  ])('that cannot be had is an error in the handler: %j', async (answer, message) => {
    expect(await bodyFor(answer)).toMatch(message)
  })

  it('in a file larger than the limit is not read', async () => {
    folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
    await writeFile(join(folder, 'body'), Buffer.alloc(5000))
    expect(await bodyFor({ body_filepath: join(folder, 'body') }, { limits: { ...DEFAULT_LIMITS, maxMessageBytes: 4000 } })).toMatch(
      /^the request body has 5000 bytes, more than 4000/,
    )
  })

  it('trap replay: one larger than the limit is read over, and is an error in the handler', async () => {
    expect(await bodyFor({ content: Buffer.alloc(5000) }, { limits: { ...DEFAULT_LIMITS, maxMessageBytes: 4000 } })).toMatch(
      /^a message of more than 4000 bytes/,
    )
    expect(server.server.counters).toMatchObject({ protocolErrors: 0 })
  })
})

describe('instances', () => {
  it('trap replay: an unknown one closes the connection, and Kong starts it anew', async () => {
    const kong = await serve([Greeter])
    kong.handleEvent(4711, 'access')
    await kong.closed
    expect(server.server.counters).toMatchObject({ protocolErrors: 0, events: 0 })
  })

  it('have ids of 31 bits that are the same in every run, whatever the order of keys', async () => {
    const config = { message: 'x', __seq__: 2, __plugin_id: 'p' }
    const kong = await serve([Greeter])
    const id = await kong.startInstance('greeter', config)
    expect(id).toBeGreaterThan(0)
    expect(id).toBeLessThan(2 ** 31)
    const first = server
    const again = await serve([Greeter])
    expect(await again.startInstance('greeter', { __plugin_id: 'p', __seq__: 2, message: 'x' })).toBe(id)
    // Another worker's instance of the same configuration, and another configuration.
    expect(await again.startInstance('greeter', config)).toBe(id + 1)
    expect(await again.startInstance('greeter', { ...config, __seq__: 3 })).not.toBe(id)
    await first.close()
  })

  it('close when Kong says so, after their running events', async () => {
    const kong = await serve([Greeter])
    const id = await kong.startInstance('greeter')
    kong.handleEvent(id, 'access')
    await kong.nextCall()
    const other = await connect()
    expect(await other.closeInstance(id)).toMatchObject({ status: { instance_id: id } })
    expect(server.server.counters.liveInstances).toBe(1)
    kong.reply(protobufBytes('String', { v: 'h' }))
    await kong.nextCall()
    kong.reply()
    await expect.poll(() => server.server.counters.liveInstances).toBe(0)
  })
})
