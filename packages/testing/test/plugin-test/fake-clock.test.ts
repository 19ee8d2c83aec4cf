import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { IsEmail } from 'class-validator'
import { Access, Field, Plugin, type PDK } from '@kong-ts/core'
import { createMockPdk, createPluginTest } from '../../src/index.js'

/** Waits before it lets a request pass. */
@Plugin('1.0.0', 1)
class Doorman {
  @Field() seconds = 30

  @Access({ timeout: 60_000 })
  async access(kong: PDK): Promise<void> {
    const begun = Date.now()
    await kong.request.getPath()
    await new Promise((resolve) => setTimeout(resolve, this.seconds * 1000))
    await kong.response.setHeader('x-waited', Date.now() - begun)
  }
}

/** Takes real time to start: the library that checks its rule is loaded then. */
@Plugin('1.0.0', 1)
class SlowStarter extends Doorman {
  @Field() @IsEmail() boss = 'boss@example.com'
}

const ALL = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'Date',
  'queueMicrotask',
] as const

describe.each([
  ['what vitest fakes by itself', {}],
  ['queueMicrotask too, as jest does', { toFake: [...ALL] }],
])('a test with a fake clock for %s', (_, faked) => {
  beforeEach(() => void vi.useFakeTimers(faked))
  afterEach(() => void vi.useRealTimers())

  it('runs a handler with a timer of its own', async () => {
    const running = createPluginTest(Doorman).request().run()
    await vi.advanceTimersByTimeAsync(30_000)
    const { response, errors } = await running
    expect(errors).toEqual([])
    expect(response?.header('x-waited')).toBe('30000')
  })

  it("passes a handler's deadline", async () => {
    const running = createPluginTest(Doorman, { config: { seconds: 61 } })
      .request()
      .run()
    await vi.advanceTimersByTimeAsync(60_000)
    const { response, errors } = await running
    expect(response?.status).toBe(504)
    expect(String(errors[0]?.error)).toContain('60000 ms')
  })

  it('starts a plugin in real time', async () => {
    const test = createPluginTest(SlowStarter)
    await test.start()
    const running = test.request().run()
    await vi.advanceTimersByTimeAsync(30_000)
    expect((await running).response?.header('x-waited')).toBe('30000')
  })

  it('stamps what Kong logs', async () => {
    vi.setSystemTime(Date.UTC(2030, 0, 1))
    const running = createPluginTest(Doorman, { config: { seconds: 0.001 } })
      .request()
      .run()
    await vi.advanceTimersByTimeAsync(1)
    expect((await running).serialized?.started_at).toBe(Date.UTC(2030, 0, 1))
  })

  it('answers the calls of a mock PDK', async () => {
    const { kong } = createMockPdk()
    expect(await kong.request.getPath()).toBe('/')
  })
})
