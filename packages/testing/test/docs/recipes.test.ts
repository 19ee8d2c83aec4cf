import { afterEach, describe, expect, it, vi } from 'vitest'
import { Access, Certificate, Field, injectable, Plugin, Preread, type PDK } from '@kong-ts/core'
import { createMockPdk, createPluginTest, rawPdkMethod } from '../../src/index.js'
import '../../src/vitest.js'

// The code of docs/testing.md; testing-doc.test.ts holds it against the page.

@injectable()
class QuotaStore {
  async take(_who: string): Promise<number> {
    throw new Error('the real store is far away')
  }
}

@Plugin('1.0.0', 900)
class Quota {
  @Field() message = 'come back later'
  @Field({ referenceable: true, required: false }) token?: string

  constructor(private readonly store: QuotaStore) {}

  @Access({ timeout: 2000 })
  async access(kong: PDK): Promise<void> {
    const consumer = await kong.client.getConsumer()
    const left = await this.store.take(consumer?.username ?? (await kong.client.getIp()))
    if (left < 0) await kong.response.exit(429, { message: this.message })
    await kong.response.setHeader('x-quota-left', left)
  }
}

@Plugin('1.0.0', 1)
class Doorkeeper {
  @Certificate()
  async certificate(kong: PDK): Promise<void> {
    await kong.log.notice('shaking hands')
  }

  @Preread()
  async preread(kong: PDK): Promise<void> {
    if ((await kong.client.getIp()) === '10.0.0.9') await kong.response.exit(403, 'go away')
    await kong.service.setTarget('other.test', 4000)
  }
}

@Plugin('1.0.0', 1)
class Vaulted {
  @Access()
  async access(kong: PDK): Promise<void> {
    const key = await kong.vault.get('{vault://aws/key}')
    const groups = await kong.raw('kong.my.groups')
    await kong.service.request.setHeader('x-key', `${key ?? ''} ${String(groups)}`)
  }
}

afterEach(() => void vi.useRealTimers())

describe('recipes', () => {
  const left = (count: number): { token: typeof QuotaStore; useValue: QuotaStore } => ({
    token: QuotaStore,
    useValue: { take: async () => count },
  })

  it('replaces what the plugin injects', async () => {
    const test = createPluginTest(Quota, { providers: [{ token: QuotaStore, useValue: { take: async () => -1 } }] })
    expect(await test.request().run()).toHaveExited(429)
  })

  it('keeps a budget of round trips', async () => {
    const test = createPluginTest(Quota, { providers: [left(3)] })
    const result = await test.request().run()
    expect(result).toMakeAtMostPdkCalls(3)
    expect(result).toHaveCalledPdk('kong.response.set_header', 'x-quota-left', expect.any(Number))
  })

  it('comes from a consumer', async () => {
    const take = vi.fn(async () => 3)
    const test = createPluginTest(Quota, { providers: [{ token: QuotaStore, useValue: { take } }] })
    await test.request().consumer({ username: 'ann' }).run()
    expect(take).toHaveBeenCalledWith('ann')
  })

  it("goes through Kong's own key-auth first", async () => {
    const test = createPluginTest(Quota, {
      providers: [left(3)],
      plugins: [{ name: 'key-auth' }],
      consumers: [{ username: 'ann', keyauth_credentials: [{ key: 'secret' }] }],
    })
    expect(await test.request().run()).toHaveStatus(401)
    expect(await test.request({ headers: { apikey: 'secret' } }).run()).toHaveHeader('x-quota-left', '3')
  })

  it('stubs what the simulated Kong cannot know', async () => {
    const test = createPluginTest(Vaulted)
    const result = await test
      .request()
      .stub('kong.vault.get', (reference: unknown) => (reference === '{vault://aws/key}' ? 'xyzzy' : undefined))
      .stub(rawPdkMethod('kong.my.groups'), 'gold')
      .run()
    expect(result.serviceRequest).toHaveHeader('x-key', 'xyzzy gold')
  })

  it('moves a fake clock past a deadline', async () => {
    vi.useFakeTimers()
    const test = createPluginTest(Quota, { providers: [{ token: QuotaStore, useValue: { take: () => new Promise(() => {}) } }] })
    await test.start()
    const running = test.request().run()
    await vi.advanceTimersByTimeAsync(2000)
    expect(await running).toHaveStatus(504)
  })

  it('answers as a service does', async () => {
    const test = createPluginTest(Quota, { providers: [left(3)] })
    const failing = await test.request().upstream({ failure: 'refused' }).run()
    expect(failing).toHaveStatus(502)
    const echoing = await test
      .request({ method: 'POST', body: { n: 1 } })
      .upstream(({ method, path, text }) => ({ status: 201, body: { method, path, text } }))
      .run()
    expect(echoing.response?.json()).toEqual({ method: 'POST', path: '/', text: '{"n":1}' })
  })

  it('ends a TLS handshake and a TCP session', async () => {
    const result = await createPluginTest(Doorkeeper).connection({ serverName: 'kong.test', port: 9000 }).run()
    expect(result.phases).toEqual(['certificate', 'preread'])
    expect(result.target).toMatchObject({ host: 'other.test', port: 4000 })
    const refused = await createPluginTest(Doorkeeper).connection({ clientIp: '10.0.0.9' }).run()
    expect(refused.exit).toEqual({ status: 403, body: 'go away' })
  })

  it('calls one handler with a mock PDK', async () => {
    const mock = createMockPdk({ phase: 'access', request: { headers: { host: 'kong.test' } } })
    mock.stub('kong.client.get_ip', '10.0.0.1')
    mock.expectCall('kong.response.set_header').with('x-quota-left', 3).times(1)
    mock.expectCall('kong.response.exit').times(0)
    await new Quota({ take: async () => 3 }).access(mock.kong)
    mock.assertDone()
  })

  it('has a Kong of its own making', async () => {
    const test = createPluginTest(Quota, {
      providers: [left(3)],
      route: { paths: ['/v1'], strip_path: true },
      service: { url: 'http://orders.test:8080/base' },
      node: { settings: { trustedIps: ['0.0.0.0/0'], logLevel: 'debug' }, env: new Map([['SECRET', 'xyzzy']]), now: () => 0 },
    })
    const { serviceRequest } = await test.request({ url: 'https://kong.test/v1/a', headers: { 'x-real-ip': '10.0.0.1' } }).run()
    expect(serviceRequest).toMatchObject({ scheme: 'http', host: 'orders.test', port: 8080, path: '/base/a' })
  })
})
