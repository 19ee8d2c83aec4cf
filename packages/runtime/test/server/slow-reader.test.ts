import { createConnection, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Access, Field, Plugin, type PDK } from '@kong-ts/core'
import { encode } from '@msgpack/msgpack'
import { ProtobufKongClient, frame, protobufBytes } from '../protobuf-kong-client.js'
import { startTestServer, type TestServer } from '../test-server.js'

/** More than a unix socket takes at once, less than what makes the server let its write buffer go. */
const BODY_BYTES = 700_000

@Plugin('1.0.0', 10)
class Filler {
  @Field() letter!: string

  @Access()
  access(kong: PDK) {
    void kong.service.request.setRawBody(Buffer.alloc(BODY_BYTES, this.letter))
  }
}

let server: TestServer
const clients = new Set<{ close(): void }>()
afterEach(async () => {
  for (const client of clients) client.close()
  clients.clear()
  await server.close()
})

const FLOOD_BYTES = 8 * 1024 * 1024

/** A peer that asks for something with a short answer, again and again, and reads no answer before it is told to. */
class Flood {
  written = 0
  readonly #socket: Socket
  readonly #bytes: Buffer

  constructor(path: string, protocol: 'MsgPack:1' | 'ProtoBuf:1') {
    this.#socket = createConnection(path).pause()
    const question =
      protocol === 'MsgPack:1'
        ? Buffer.from(encode([0, 1, 'plugin.CloseInstance', [1]]))
        : frame(protobufBytes('Call', { sequence: 1, close: { instance_id: 1 } }))
    const count = Math.floor((64 * 1024) / question.length)
    this.#bytes = Buffer.alloc(count * question.length, question)
  }

  write(): void {
    const { length } = this.#bytes
    this.#socket.write(this.#bytes, () => {
      this.written = Math.min(this.written + length, FLOOD_BYTES)
      if (this.written < FLOOD_BYTES) this.write()
    })
  }

  read(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** One connection of Kong's, of which only the bytes count. */
interface Connection {
  start(letter: string): Promise<number>
  begin(instance: number): void
  pause(): void
  /** Letters of the body that arrives, with how often each came. */
  readBody(): Promise<Readonly<Record<string, number>>>
}

async function connect(protocol: 'MsgPack:1' | 'ProtoBuf:1'): Promise<Connection> {
  const isMsgpack = protocol === 'MsgPack:1'
  const client = isMsgpack ? await server.connect() : await ProtobufKongClient.connect(server.socketPath)
  clients.add(client)
  const { socket } = client
  return {
    start: (letter) => client.startInstance('filler', { letter }),
    begin(instance) {
      if (client instanceof ProtobufKongClient) client.handleEvent(instance, 'access')
      else client.send('plugin.HandleEvent', { InstanceId: instance, EventName: 'access' })
    },
    pause: () => void socket.pause(),
    async readBody() {
      socket.resume()
      const body = client instanceof ProtobufKongClient ? await protobufBody(client) : msgpackBody((await client.next())[3])
      const counts: Record<string, number> = {}
      for (const [letters] of body.matchAll(/(.)\1{9,}/g)) counts[letters.charAt(0)] = (counts[letters.charAt(0)] ?? 0) + letters.length
      return counts
    },
  }
}

async function protobufBody(client: ProtobufKongClient): Promise<string> {
  return (await client.nextCall())?.args.toString('latin1') ?? ''
}

function msgpackBody(result: unknown): string {
  return Buffer.from((result as { Data: { Args: readonly [Uint8Array] } }).Data.Args[0]).toString('latin1')
}

describe.each(['MsgPack:1', 'ProtoBuf:1'] as const)('on %s, a worker that reads slowly', (protocol) => {
  it('gets its own bytes, however much the others are sent meanwhile', async () => {
    server = await startTestServer([Filler], { protocol })
    const slow = await connect(protocol)
    const other = await connect(protocol)
    const [slowInstance, otherInstance] = [await slow.start('S'), await other.start('O')]
    slow.pause()
    slow.begin(slowInstance)
    await expect.poll(() => server.server.counters.events).toBe(1)
    other.begin(otherInstance)
    expect(await other.readBody()).toEqual({ O: BODY_BYTES })
    expect(await slow.readBody()).toEqual({ S: BODY_BYTES })
  })

  it('or not at all, while it asks on and on, costs the server a bound of memory, and is served when it reads', async () => {
    server = await startTestServer([Filler], { protocol })
    const other = await connect(protocol)
    const flood = new Flood(server.socketPath, protocol)
    clients.add(flood)
    const before = process.memoryUsage().arrayBuffers
    flood.write()
    // The others are served meanwhile, and the server has time to take all it is going to take.
    for (let turn = 0; turn < 300; turn++) await other.start('O')
    expect(flood.written).toBeLessThan(FLOOD_BYTES)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024)
    flood.read()
    await expect.poll(() => flood.written, { timeout: 15_000 }).toBe(FLOOD_BYTES)
    expect(server.server.counters.protocolErrors).toBe(0)
  })
})
