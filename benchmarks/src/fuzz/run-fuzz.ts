import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { Access, Log, Plugin, type PDK } from '@kong-ts/core'
import { buildPluginDefinition } from '@kong-ts/core/server'
import { PluginServer, createServerLog, type Counters } from '@kong-ts/runtime'
import { KongConnection } from '../load/kong-connection.js'

@Plugin('1.0.0', 1, { name: 'fuzzed' })
class Fuzzed {
  @Access()
  async access(kong: PDK): Promise<void> {
    await kong.response.setHeader('x-keys', Object.keys(await kong.request.getHeaders()).length)
  }

  @Log() log(): void {}
}

export interface FuzzOptions {
  readonly runs: number
  readonly seed?: number | undefined
}

/** The bytes of one hostile connection: requests that are nearly right, with changed bytes, in pieces of any size. */
interface Attack {
  readonly messages: readonly Message[]
  /** Changed bytes: the position, as a fraction of the length, and the new value. */
  readonly bends: readonly (readonly [at: number, byte: number])[]
  /** Positions between two writes, as fractions of the length. */
  readonly cuts: readonly number[]
  readonly endsEarly: boolean
}

type Message =
  | { readonly kind: 'request'; readonly method: unknown; readonly param: unknown }
  /** An event of the instance that Kong uses too. */
  | { readonly kind: 'event'; readonly phase: string }
  /** An answer to a PDK call that was made on another connection. */
  | { readonly kind: 'step'; readonly method: unknown; readonly data: unknown }
  | { readonly kind: 'start'; readonly name: unknown; readonly config: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }

/** Ids that the server knows. */
interface KnownIds {
  readonly instance: number
  readonly event: unknown
}

const key = fc.oneof(
  fc.constantFrom('EventId', 'InstanceId', 'EventName', 'Data', 'Name', 'Config', '__proto__', 'constructor', '_method'),
  fc.string(),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('access', 'log', 'fuzzed', '{}', 'ret', null, true),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double(),
    fc.uint8Array({ maxLength: 64 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}))
const method = fc.oneof(
  fc.constantFrom(
    'plugin.HandleEvent',
    'plugin.Step',
    'plugin.StepMultiMap',
    'plugin.StartInstance',
    'plugin.CloseInstance',
    'plugin.GetStatus',
    '__proto__',
  ),
  value,
)
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ kind: fc.constant('request' as const), method, param: value }),
  fc.record({ kind: fc.constant('event' as const), phase: fc.constantFrom('access', 'log', 'rewrite', '__proto__') }),
  fc.record({ kind: fc.constant('step' as const), method, data: value }),
  fc.record({
    kind: fc.constant('start' as const),
    name: fc.oneof(fc.constant('fuzzed'), value),
    config: fc.oneof(fc.json(), fc.string(), fc.constant('{}')),
  }),
  fc.record({ kind: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 200 }) }),
)
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const attack: fc.Arbitrary<Attack> = fc.record({
  messages: fc.array(message, { minLength: 1, maxLength: 6 }),
  // Half of the attacks are well formed: most changed bytes fail in the reader.
  bends: fc.oneof(fc.constant([]), fc.array(fc.tuple(fraction, fc.nat(255)), { maxLength: 3 })),
  cuts: fc.array(fraction, { maxLength: 5 }),
  endsEarly: fc.boolean(),
})

/**
 * Sends hostile bytes to a plugin server on real sockets, while Kong uses it on another connection.
 *
 * @returns its counters when all connections are closed.
 * @throws fast-check's error with seed and counterexample when Kong's connection is disturbed. An exception in the server ends the process.
 */
export async function runFuzz({ runs, seed }: FuzzOptions): Promise<Counters> {
  const folder = await mkdtemp(join(tmpdir(), 'kong-ts-fuzz-'))
  const socketPath = join(folder, 'fuzz.socket')
  const log = createServerLog({ level: 'error', format: 'text', write: () => undefined })
  const server = new PluginServer([buildPluginDefinition(Fuzzed)], {
    socketPath,
    log,
    limits: { maxMessageBytes: 1 << 20, maxBufferedBytes: 4 << 20, maxDepth: 1024, maxValues: 10_000 },
    abandonedEventTimeout: 300,
  })
  await server.listen()
  const kong = await KongConnection.open(socketPath)
  const instance = await kong.startInstance('fuzzed')
  try {
    await fc.assert(
      fc.asyncProperty(attack, async (each) => {
        const { event } = await kong.beginEvent(instance, 'access')
        await send(socketPath, each, { instance, event })
        let keys: unknown
        await kong.runEvent(instance, 'access', ({ method: called, args }) => {
          if (called === 'kong.request.get_headers') return { host: ['a'], accept: ['b'] }
          keys = args[1]
          return undefined
        })
        if (keys !== 2) throw new Error(`the other connection was answered with ${String(keys)}`)
      }),
      { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
    )
    kong.close()
    for (let waited = 0; waited < 100 && (server.counters.liveEvents > 0 || server.counters.connections > 0); waited++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return { ...server.counters }
  } finally {
    kong.close()
    await server.close(100)
    await rm(folder, { recursive: true, force: true })
  }
}

async function send(path: string, { messages, bends, cuts, endsEarly }: Attack, known: KnownIds): Promise<void> {
  const bytes = Buffer.concat(messages.map((each) => bytesOf(each, known)))
  for (const [at, byte] of bends) if (bytes.length > 0) bytes[Math.floor(at * bytes.length)] = byte
  const places = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)).toSorted((a, b) => a - b), bytes.length]
  const socket = connect(path)
  socket.on('error', () => undefined)
  socket.resume()
  await once(socket, 'connect')
  for (const [index, end] of places.slice(1).entries()) {
    if (socket.writable) await new Promise((resolve) => socket.write(bytes.subarray(places[index], end), resolve))
  }
  if (endsEarly) socket.destroy()
  else socket.end()
  if (!socket.closed) await once(socket, 'close')
}

function bytesOf(each: Message, { instance, event }: KnownIds): Uint8Array {
  switch (each.kind) {
    case 'bytes':
      return each.bytes
    case 'event':
      return encode([0, 1, 'plugin.HandleEvent', [{ InstanceId: instance, EventName: each.phase }]])
    case 'step':
      return request(each.method, { EventId: event, Data: each.data })
    case 'start':
      return request('plugin.StartInstance', { Name: each.name, Config: each.config })
    case 'request':
      return request(each.method, each.param)
  }
}

/** The library refuses to write a key `__proto__`. Such a request is sent without its parameter. */
function request(name: unknown, param: unknown): Uint8Array {
  try {
    return encode([0, 1, name, [param]])
  } catch {
    return encode([0, 1, 'plugin.Step', []])
  }
}
