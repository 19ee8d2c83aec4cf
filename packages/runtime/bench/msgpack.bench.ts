import { Access, Plugin, type PDK } from '@kong-ts/core'
import { buildPluginDefinition, createPluginContainer } from '@kong-ts/core/server'
import { Encoder } from '@msgpack/msgpack'
import { bench, describe } from 'vitest'
import { CoarseClock } from '../src/event/coarse-clock.js'
import { EventRunner } from '../src/event/event-runner.js'
import { IdSequence } from '../src/instance/instance-ids.js'
import { InstanceRegistry } from '../src/instance/instance-registry.js'
import { createCounters } from '../src/metrics/counters.js'
import { createServerLog, type ServerLog } from '../src/log/server-log.js'
import { MessageReader } from '../src/protocol-msgpack/message-reader.js'
import { MessageWriter } from '../src/protocol-msgpack/message-writer.js'
import { MsgpackProtocol } from '../src/protocol-msgpack/msgpack-protocol.js'
import { RpcRequest } from '../src/protocol-msgpack/rpc-request.js'
import { DEFAULT_LIMITS } from '../src/wire/limits.js'
import { SilentSocket } from './silent-socket.js'

const encoder = new Encoder()
const message = (method: string, param: unknown) => Buffer.from(encoder.encode([0, 42, method, [param]]))

const HEADERS = {
  host: ['shop.example.net'],
  'user-agent': ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15'],
  accept: ['application/json'],
  'accept-language': ['de-DE,de;q=0.9,en;q=0.7'],
  'accept-encoding': ['gzip, br'],
  authorization: ['Bearer 4f1c0f7e9b2d4a6c8e0a1b3c5d7e9f10.b64a1e2d3c4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d'],
  'content-type': ['application/json'],
  'content-length': ['412'],
  'x-request-id': ['018f6a2e-7c1b-7d3a-9e55-3b1f0c2d4e6f'],
  'x-forwarded-for': ['198.51.100.23, 203.0.113.9'],
  cookie: ['basket=81723; lang=de; consent=1'],
  connection: ['keep-alive'],
}

describe('reading a MsgPack:1 message', () => {
  const reader = new MessageReader(DEFAULT_LIMITS)
  const request = new RpcRequest()
  const cases = {
    HandleEvent: message('plugin.HandleEvent', { InstanceId: 7, EventName: 'access' }),
    'Step with a short text': message('plugin.Step', { EventId: 2 ** 40, Data: 'shop.example.net' }),
    'Step with 12 headers': message('plugin.StepMultiMap', { EventId: 2 ** 40, Data: HEADERS }),
    'Step with a body of 64 KiB': message('plugin.Step', { EventId: 2 ** 40, Data: new Uint8Array(65_536) }),
  }
  for (const [name, bytes] of Object.entries(cases)) {
    bench(name, () => {
      reader.reset(bytes, 0, bytes.length)
      request.read(reader)
    })
  }
})

describe('writing values', () => {
  const writer = new MessageWriter()
  const body = new Uint8Array(65_536)
  const values: Readonly<Record<string, unknown>> = {
    'a short text': 'hello shop.example.net',
    'a table of 12 headers': HEADERS,
    'a body of 64 KiB': body,
  }
  for (const [name, value] of Object.entries(values)) {
    bench(name, () => {
      writer.begin()
      writer.value(value)
    })
  }
})

@Plugin('1.0.0', 1, { name: 'turns' })
class Turns {
  @Access()
  async access(kong: PDK): Promise<void> {
    const host = await kong.request.getHeader('host')
    await kong.response.setHeader('x-hello', `hello ${host}`)
  }
}

@Plugin('1.0.0', 1, { name: 'nothing' })
class Nothing {
  @Access()
  access(): void {}
}

/** Everything of the server between the bytes that come and the bytes that go, without a socket. */
class EventTurns {
  readonly #socket = new SilentSocket()
  readonly #handler
  readonly #instances: InstanceRegistry
  #handleEvent = Buffer.alloc(0)

  constructor(log: ServerLog) {
    const counters = createCounters()
    this.#instances = new InstanceRegistry({
      container: createPluginContainer(),
      log,
      counters,
      ids: new IdSequence(),
      idleTimeout: 3_600_000,
      maxInstances: 10,
      startTimeout: 50_000,
      closeTimeout: 5_000,
    })
    const definitions = new Map(
      [Turns, Nothing].map((plugin) => buildPluginDefinition(plugin)).map((definition) => [definition.name, definition]),
    )
    const protocol = new MsgpackProtocol({
      definitions,
      instances: this.#instances,
      runner: new EventRunner(counters, log),
      log,
      counters,
      limits: DEFAULT_LIMITS,
      clock: new CoarseClock(1000),
    })
    this.#handler = protocol.accept(this.#socket)
  }

  async startInstance(plugin: typeof Turns | typeof Nothing): Promise<void> {
    const id = await this.#instances.start(buildPluginDefinition(plugin), '{}')
    this.#handleEvent = message('plugin.HandleEvent', { InstanceId: id, EventName: 'access' })
  }

  async run(answers: readonly unknown[]): Promise<void> {
    this.#receive(this.#handleEvent)
    for (const answer of answers) {
      const { written } = this.#socket
      const id = written.indexOf('EventId') + 'EventId'.length
      const idBytes = written.subarray(id, written.indexOf('Data', id) - 1)
      await this.#answered(() => this.#receive(step(idBytes, answer)))
    }
    if (answers.length === 0) await this.#answered(() => undefined)
    if (!this.#socket.written.includes('ret')) throw new Error(`the event did not end: ${this.#socket.written.toString('latin1')}`)
  }

  /** The handler goes on in promise jobs, and its phase ends after the last of them. The next call, or the end, is there when something was written. */
  async #answered(go: () => void): Promise<void> {
    const before = this.#socket.writes
    go()
    for (let turn = 0; this.#socket.writes === before && turn < 50; turn++) await new Promise<void>((resolve) => process.nextTick(resolve))
  }

  #receive(bytes: Buffer): void {
    this.#handler.receive(bytes, bytes.length)
  }
}

const STEP_HEAD = message('plugin.Step', { EventId: 0 }).subarray(0, -1)
const DATA = Buffer.from(encoder.encode('Data'))

function step(eventId: Uint8Array, data: unknown): Buffer {
  if (data === undefined) return Buffer.concat([STEP_HEAD, eventId])
  const bytes = Buffer.concat([STEP_HEAD, eventId, DATA, encoder.encodeSharedRef(data)])
  // The map has two members instead of one.
  bytes[STEP_HEAD.length - 9] = 0x82
  return bytes
}

const log = createServerLog({ level: 'info', format: 'text', write: () => undefined })
const nothing = new EventTurns(log)
await nothing.startInstance(Nothing)
const turns = new EventTurns(log)
await turns.startInstance(Turns)

describe('an event, from bytes to bytes', () => {
  bench('without a PDK call', async () => {
    await nothing.run([])
  })

  bench('with two PDK calls', async () => {
    await turns.run(['shop.example.net', undefined])
  })
})
