import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { encode } from '@msgpack/msgpack'
import { Access, Field, Log, Plugin, Response, Rewrite, type PDK } from '@kong-ts/core'
import { startTestServer, type TestServer } from '../test-server.js'

const EXIT_500 = { Method: 'kong.response.exit', Args: [500, expect.stringContaining('unexpected error'), expect.anything()] }
const EXIT_504 = { Method: 'kong.response.exit', Args: [504, expect.stringContaining('too long'), expect.anything()] }
const ASK_ID = { Method: 'kong.nginx.get_var', Args: ['kong_request_id'] }

@Plugin('1.0.0', 1)
class Guard {
  @Field() how = 'pass'

  @Rewrite({ timeout: 60 })
  async rewrite(kong: PDK) {
    await kong.request.getRawBody()
  }

  @Access()
  async access(kong: PDK) {
    switch (this.how) {
      case 'body':
        await kong.request.getRawBody()
        break
      case 'refused exit':
        void kong.response.exit(99_999)
        break
      case 'refused late': {
        void kong.response.setHeader('x-before', 'sent')
        void kong.response.setStatus(99_999)
        await kong.request.getHeader('host')
        break
      }
      case 'unsendable':
        void kong.service.request.setHeader('x-a', Symbol('no text') as unknown as string)
        break
      case 'refused, caught':
        await kong.response.setStatus(99_999).catch(() => undefined)
        break
      case 'exit instead':
        await kong.response.exit(99_999).catch(() => kong.response.exit(403))
        break
      case 'throw after exit':
        await kong.response.exit(403).catch(() => undefined)
        throw new Error('after the exit')
    }
  }

  @Response({ failOpen: true })
  async response(kong: PDK) {
    await kong.request.getHeader('host')
  }

  @Log()
  async log(kong: PDK) {
    await kong.response.getStatus()
  }
}

@Plugin('1.0.0', 1)
class Endless {
  signal: AbortSignal | undefined

  @Access({ timeout: 0 })
  async access(kong: PDK) {
    this.signal = kong.signal
    await new Promise(() => undefined)
  }
}

let server: TestServer
afterEach(() => server.close())

async function begin(how: string, phase = 'access', options = {}) {
  server = await startTestServer([Guard], options)
  const kong = await server.connect()
  const instance = await kong.startInstance('guard', { how })
  return { kong, instance, ...(await kong.handleEvent(instance, phase)) }
}

describe('an event past its deadline', () => {
  it('while Kong has a call of it (a slow upload): ends with 504 when Kong has answered', async () => {
    const { kong, event, data } = await begin('pass', 'rewrite')
    expect(data).toMatchObject({ Method: 'kong.request.get_raw_body' })
    // The deadline passes while Kong reads the body.
    await new Promise((resolve) => setTimeout(resolve, 90))
    expect(server.server.counters).toMatchObject({ liveEvents: 1, failures: 0 })
    expect((await kong.step(event, new Uint8Array(3))).data).toEqual(ASK_ID)
    expect((await kong.step(event, 'id1')).data).toEqual(EXIT_504)
    expect(server.server.counters).toMatchObject({ failedClosed: 1, liveEvents: 0 })
  })

  it('trap 60 s: a handler without deadline is ended before Kong gives up, lets the request pass and takes the late answer for another', async () => {
    server = await startTestServer([Endless], { silenceTimeout: 60 })
    const kong = await server.connect()
    const { event, data } = await kong.handleEvent(await kong.startInstance('endless'), 'access')
    expect(data).toEqual(ASK_ID)
    expect((await kong.step(event, undefined)).data).toEqual(EXIT_504)
    expect(server.log.join('')).toMatch(/error \[endless access\] handler failed, client answered with 504 .*let Kong wait for 60 ms/)
    expect(server.server.counters).toMatchObject({ failedClosed: 1, liveEvents: 0 })
  })
})

describe('an event that Kong has left', () => {
  it('is dropped when Kong never answers its call: Kong raised on it', async () => {
    const { data } = await begin('pass', 'log', { abandonedEventTimeout: 40 })
    expect(data).toMatchObject({ Method: 'kong.response.get_status' })
    await expect.poll(() => server.server.counters).toMatchObject({ abandonedEvents: 1, lostEvents: 1, liveEvents: 0 })
  })

  it('ends its handler at once when the connection is lost, and frees the instance', async () => {
    server = await startTestServer([Endless])
    const [kong, other] = [await server.connect(), await server.connect()]
    const instance = await kong.startInstance('endless')
    kong.send('plugin.HandleEvent', { InstanceId: instance, EventName: 'access' })
    await expect.poll(() => server.server.counters.liveEvents).toBe(1)
    kong.close()
    await expect.poll(() => server.server.counters).toMatchObject({ liveEvents: 0, lostEvents: 1 })
    await other.call('plugin.CloseInstance', instance)
    await expect.poll(() => server.server.counters).toMatchObject({ liveInstances: 0, livePlugins: 0 })
  })
})

describe('a Step of an event that the server does not know', () => {
  it('trap fail-open on errors: ends the request with 500, as after a restart while Kong answered a call', async () => {
    const { event } = await begin('body')
    const next = await startTestServer([Guard])
    try {
      expect((await (await next.connect()).step(event, 'body')).data).toEqual(EXIT_500)
      expect(next.server.counters.unknownSteps).toBe(1)
      expect(next.log.join('')).toMatch(/warn step of an unknown event: client answered with 500 \(event \d+\)/)
    } finally {
      await next.close()
    }
  })

  it.each(['response', 'log'])('is answered with an error where the phase (%s) fails open or cannot be ended', async (phase) => {
    const { event } = await begin('pass', phase)
    const next = await startTestServer([Guard])
    try {
      expect((await (await next.connect()).step(event, 'x')).error).toMatch(/^no event \d+/)
    } finally {
      await next.close()
    }
  })
})

describe('a PDK call that failed although nobody awaited it', () => {
  // In the process of a plugin server this is `startServer`'s own work; the test runner has a listener of its own.
  async function withUnawaited(run: () => Promise<void>): Promise<void> {
    const others = process.listeners('unhandledRejection')
    const listener = (error: unknown, promise: Promise<unknown>) => server.server.logUnawaited(error, promise)
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', listener)
    try {
      await run()
    } finally {
      process.off('unhandledRejection', listener)
      for (const other of others) process.on('unhandledRejection', other)
    }
  }

  it('fails the phase when it was to end the request: what was refused must not pass', () =>
    withUnawaited(async () => {
      const { kong, event, data } = await begin('refused exit')
      expect(data).toEqual(ASK_ID)
      expect((await kong.step(event, undefined)).data).toEqual(EXIT_500)
      expect(server.log.join('')).toMatch(/error \[guard access\] handler failed, client answered with 500/)
    }))

  it.each([
    ['unsendable', [], /a symbol cannot be sent to Kong|PdkArgumentError/],
    ['refused late', ['kong.response.set_header', 'kong.request.get_header'], /PdkArgumentError: kong.response.set_status/],
  ])('is logged under its event (%s), and fatal to nothing', (how, methods, line) =>
    withUnawaited(async () => {
      let { kong, event, data } = await begin(how)
      for (const method of methods) {
        expect(data).toMatchObject({ Method: method })
        ;({ data } = await kong.step(event, undefined))
      }
      expect(data).toBe('ret')
      await expect.poll(() => server.log.join('')).toMatch(line)
      expect(server.log.join('')).toMatch(/error \[guard access\] a promise that nobody awaited was rejected \(instance \d+, event \d+\)/)
      expect(server.server.counters).toMatchObject({ failures: 0, unawaitedFailures: 1 })
    }),
  )

  it('is made good by an exit that works', () =>
    withUnawaited(async () => {
      expect((await begin('exit instead')).data).toMatchObject({ Method: 'kong.response.exit', Args: [403] })
      expect(server.server.counters).toMatchObject({ failures: 0, exits: 1 })
    }))

  it('is the handler’s own business when it caught the error', () =>
    withUnawaited(async () => {
      expect((await begin('refused, caught')).data).toBe('ret')
      expect(server.server.counters).toMatchObject({ failures: 0, unawaitedFailures: 0 })
    }))
})

it('a handler that fails after its exit is logged, and neither answered again nor counted as open', async () => {
  const { data } = await begin('throw after exit')
  expect(data).toMatchObject({ Method: 'kong.response.exit', Args: [403] })
  await expect.poll(() => server.server.counters).toMatchObject({ failures: 1, failedClosed: 0, failedOpen: 0, liveEvents: 0 })
  expect(server.log.join('')).toContain('handler failed, the request was over already')
})

describe('trap connection closed between messages: Kong lets the request pass', () => {
  it.each([
    ['a message beyond the limit', (event: number) => encode([0, 7, 'plugin.Step', [{ EventId: event, Data: 'x'.repeat(2 << 20) }]])],
    ['a message that cannot be read', () => Uint8Array.of(0x94, 0x00, 0x07, 0xc1)],
  ])('%s is answered with half an answer, on which Kong ends the request with 500', async (_what, bytes) => {
    const { kong, event } = await begin('body', 'access', {
      limits: { maxMessageBytes: 1 << 20, maxBufferedBytes: 8 << 20, maxDepth: 8, maxValues: 1000 },
    })
    const received: Buffer[] = []
    const raw = connect({ path: server.socketPath, allowHalfOpen: true })
    raw.on('data', (chunk) => received.push(chunk))
    // Kong reads only after it has sent everything.
    const ended = once(raw, 'end')
    await new Promise((resolve) => raw.write(bytes(event), resolve))
    await ended
    expect(Buffer.concat(received)).toEqual(Buffer.of(0x94))
    raw.destroy()
    expect((await kong.step(event, 'short')).data).toBe('ret')
  })
})
