import { afterEach, describe, expect, it } from 'vitest'
import { Access, Field, Log, Plugin, Rewrite, type PDK } from '@kong-ts/core'
import { IsDivisibleBy, IsIn } from 'class-validator'
import { ProtobufKongClient } from '../protobuf-kong-client.js'
import { startTestServer, type TestServer } from '../test-server.js'

/** Headers that tell when somebody reads them. */
function lookedAt(seen: () => void): Readonly<Record<string, string>> {
  return {
    get 'x-why'() {
      seen()
      return 'because'
    },
  }
}

@Plugin('1.0.0', 10)
class Greeter {
  @Field() message = 'hello'
  @Field() @IsIn(['finish', 'throw', 'hang', 'exit', 'late', 'chain', 'frozen', 'curious exit']) how = 'finish'
  @Field() @IsDivisibleBy(2) even = 2
  @Field({ isRegex: true, required: false }) pattern?: string

  @Access({ timeout: 60 })
  async access(kong: PDK) {
    const host = await kong.request.getHeader('host')
    if (this.how === 'chain') void kong.response.setHeader('x-first', '1').then(() => kong.response.setHeader('x-second', '2'))
    if (this.how === 'frozen') throw Object.freeze(new Error('frozen'))
    if (this.how === 'curious exit')
      await kong.response.exit(
        403,
        'no',
        lookedAt(() => void kong.response.setHeader('x-looked', 'yes')),
      )
    if (this.how === 'throw') throw new Error('secret detail')
    if (this.how === 'hang') await new Promise(() => undefined)
    if (this.how === 'exit') {
      try {
        await kong.response.exit(403, 'no', { 'x-why': 'because' })
      } catch {
        // A handler that swallows the exit cannot keep the request alive.
      }
      await kong.response.setHeader('x-late', 'never')
    }
    // Not awaited: it is sent all the same, before the phase ends.
    void kong.response.setHeader('x-greeting', `${this.message} ${host}`)
  }

  @Rewrite({ failOpen: true })
  rewrite() {
    throw new Error('open')
  }

  @Log()
  log() {
    if (this.how === 'late') throw new Error('nobody waits')
  }
}

const FAILED =
  'kong.response.exit(500, "{\\"message\\":\\"An unexpected error occurred\\"}", {"content-type":"application/json; charset=utf-8"})'
const LATE = FAILED.replace('500', '504').replace('An unexpected error occurred', 'The request took too long')
const HOST = 'kong.request.get_header("host")'
/** Asked for the log line of a failure. */
const REQUEST_ID = expect.stringMatching(/^kong\.nginx\.get_var/) as string

let server: TestServer
const clients = new Set<{ close(): void }>()
afterEach(async () => {
  for (const client of clients) client.close()
  clients.clear()
  await server.close()
})

describe.each(['MsgPack:1', 'ProtoBuf:1'] as const)('a plugin on %s', (protocol) => {
  async function connect(): Promise<Pick<ProtobufKongClient, 'startInstance' | 'runEvent'>> {
    const client = protocol === 'MsgPack:1' ? await server.connect() : await ProtobufKongClient.connect(server.socketPath)
    clients.add(client)
    return client
  }

  async function run(phase: string, config: object = {}): Promise<readonly string[]> {
    server = await startTestServer([Greeter], { protocol })
    const kong = await connect()
    const id = await kong.startInstance('greeter', config)
    return kong.runEvent(id, phase, { 'kong.request.get_header': 'a.com' })
  }

  it('makes its calls in turn, un-awaited ones included', async () => {
    expect(await run('access', { message: 'hi', __seq__: 1, route_id: 'r' })).toEqual([
      HOST,
      'kong.response.set_header("x-greeting", "hi a.com")',
    ])
    expect(server.server.counters).toMatchObject({ events: 1, failures: 0, instancesStarted: 1 })
  })

  it('makes the calls that follow an answer which nobody awaited: Kong is not told of the end while it answers them', async () => {
    expect(await run('access', { how: 'chain' })).toEqual([
      HOST,
      'kong.response.set_header("x-first", "1")',
      'kong.response.set_header("x-greeting", "hello a.com")',
      'kong.response.set_header("x-second", "2")',
    ])
    expect(server.server.counters).toMatchObject({ liveEvents: 0, unknownSteps: 0, protocolErrors: 0 })
  })

  it('ends the request with 500 when its handler throws', async () => {
    expect(await run('access', { how: 'throw' })).toEqual([HOST, REQUEST_ID, FAILED])
    expect(server.server.counters).toMatchObject({ failures: 1, failedClosed: 1 })
  })

  it('ends the request with 500 when its handler throws an error that nobody can write to', async () => {
    expect(await run('access', { how: 'frozen' })).toEqual([HOST, REQUEST_ID, FAILED])
    expect(server.log.join('')).toMatch(/error \[greeter access\] handler failed, client answered with 500 .* \| Error: frozen/)
    await expect.poll(() => server.server.counters).toMatchObject({ failedClosed: 1, liveEvents: 0 })
  })

  it('sends an exit whole, even when looking at its headers makes another call', async () => {
    expect((await run('access', { how: 'curious exit' })).at(-1)).toBe('kong.response.exit(403, "no", {"x-why":"because"})')
    await expect.poll(() => server.server.counters).toMatchObject({ exits: 1, liveEvents: 0 })
  })

  it('ends the request with 504 when its handler passes the deadline', async () => {
    expect(await run('access', { how: 'hang' })).toEqual([HOST, REQUEST_ID, LATE])
  })

  it('ends the request itself, and nothing follows', async () => {
    expect(await run('access', { how: 'exit' })).toEqual([HOST, 'kong.response.exit(403, "no", {"x-why":"because"})'])
    await expect.poll(() => server.server.counters).toMatchObject({ exits: 1, liveEvents: 0, failures: 0 })
  })

  it('lets the request go on where its phase fails open, and where there is none left', async () => {
    expect((await run('rewrite')).filter((call) => call.startsWith('kong.response'))).toEqual([])
    const kong = await connect()
    expect(await kong.runEvent(await kong.startInstance('greeter', { how: 'late' }), 'log')).toEqual([])
    expect(server.server.counters).toMatchObject({ failures: 2, failedOpen: 2 })
  })

  it.each([
    ['breaks a rule that Kong cannot check', { even: 3 }, /config\.even: even must be divisible by 2/],
    ['has a value of the wrong kind', { how: 5 }, /config\.how: must be a string \(got 5\)/],
  ])('is refused with a configuration that %s, and the log says why', async (_what, config, problem) => {
    server = await startTestServer([Greeter], { protocol })
    const kong = await connect()
    await expect(kong.startInstance('greeter', config)).rejects.toThrow(protocol === 'MsgPack:1' ? problem : /closed the connection/)
    const line = server.log.find((text) => text.includes('instance does not start'))
    expect(line).toMatch(problem)
    expect(server.server.counters).toMatchObject({ instancesRefused: 1, liveInstances: 0 })
  })

  it.each(['\\p{Runic}+', '\\p{Script=Greek}', '\\p{Cased}', '(?*a)b', '(*UTF)\\x{1F600}'])(
    'starts and serves with the regular expression %s, which Kong takes',
    async (pattern) => {
      expect(await run('access', { pattern })).toEqual([HOST, expect.stringMatching(/^kong\.response\.set_header\("x-greeting"/)])
    },
  )
})
