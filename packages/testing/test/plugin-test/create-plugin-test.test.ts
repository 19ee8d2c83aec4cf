import { describe, expect, it } from 'vitest'
import { Access, ConfigError, Log, Plugin, type PDK } from '@kong-ts/core'
import { createPluginTest } from '../../src/index.js'
import { Gatekeeper, Guard } from './guard-plugin.js'

const admitted = { url: '/a/b?c=d', headers: { 'X-Key': 'open sesame' } }

describe('a plugin test', () => {
  it("runs the phases in Kong's order between request and response", async () => {
    const result = await createPluginTest(Guard)
      .request(admitted)
      .upstream({ status: 201, headers: { 'X-From': 'service' }, body: 'hello' })
      .run()
    expect(result.errors).toEqual([])
    expect(result.phases).toEqual(['rewrite', 'access', 'response', 'log'])
    expect(result.response?.status).toBe(201)
    expect(result.response?.text).toBe('hello')
    expect(result.response?.header('X-From')).toBe('service')
    expect(result.response?.header('x-length')).toBe('5')
  })

  it('shows the request Kong sends to the service', async () => {
    const { serviceRequest } = await createPluginTest(Guard)
      .request({ ...admitted, method: 'POST', body: { n: 1 } })
      .run()
    expect(serviceRequest).toMatchObject({ method: 'POST', scheme: 'http', host: 'service.test', port: 80, path: '/a/b', query: 'c=d' })
    expect(serviceRequest?.json()).toEqual({ n: 1 })
    expect(serviceRequest?.headers).toMatchObject({
      host: ['service.test'],
      'x-rewritten': ['/a/b'],
      'content-type': ['application/json'],
      'x-forwarded-host': ['localhost'],
    })
  })

  it('ends at an exit, with log still to come', async () => {
    const result = await createPluginTest(Guard).request().run()
    expect(result.phases).toEqual(['rewrite', 'access', 'log'])
    expect(result.response?.status).toBe(403)
    expect(result.response?.json()).toEqual({ message: 'no entry' })
    expect(result.response?.header('x-why')).toBe('x-key')
    expect(result.serviceRequests).toEqual([])
    expect(result.logLines.at(-1)).toMatchObject({ level: 'warn', text: expect.stringContaining('status 403 admitted undefined') })
  })

  it('lists every PDK call with what Kong answered', async () => {
    const { pdkCalls } = await createPluginTest(Guard).request().run()
    expect(pdkCalls.map(({ phase, method, outcome }) => `${phase} ${method} ${outcome}`)).toEqual([
      'rewrite kong.request.get_path answered',
      'rewrite kong.service.request.set_header answered',
      'access kong.request.get_header answered',
      'access kong.response.exit final',
      'log kong.response.get_status answered',
      'log kong.ctx.shared.get answered',
      'log kong.log.warn answered',
      'log kong.log.serialize answered',
    ])
    expect(pdkCalls[0]).toMatchObject({ args: [], result: '/' })
    expect(pdkCalls[2]).toMatchObject({ args: ['x-key'], result: undefined })
  })

  it('gives the record of kong.log.serialize', async () => {
    const { serialized } = await createPluginTest(Guard).request(admitted).run()
    expect(serialized).toMatchObject({
      request: { method: 'GET', uri: '/a/b?c=d' },
      response: { status: 200 },
      service: { name: 'test-service' },
      route: { name: 'test-route' },
    })
  })

  it('reads the configuration as the plugin server does', async () => {
    const test = createPluginTest(Guard, { config: { header: 'x-pass' } })
    const { response } = await test.request({ headers: { 'x-pass': 'open sesame' } }).run()
    expect(response?.status).toBe(200)
    expect(await test.instance()).toMatchObject({ header: 'x-pass', limit: 3 })
  })

  it("fails with the message of the configuration's rules", async () => {
    const running = createPluginTest(Guard, { config: { limit: 11 } })
      .request()
      .run()
    await expect(running).rejects.toThrow(ConfigError)
    await expect(running).rejects.toThrow(/limit/)
  })

  it('takes stand-ins for injected services', async () => {
    const test = createPluginTest(Guard, { providers: [{ token: Gatekeeper, useValue: { admits: async () => true } }] })
    expect((await test.request().run()).response?.status).toBe(200)
  })

  it('keeps the instance from request to request', async () => {
    const test = createPluginTest(Guard)
    await test.request().run()
    await test.request().run()
    expect(await test.instance()).toMatchObject({ seen: 2 })
  })

  it('runs the handler of one phase alone', async () => {
    const { phases, serviceRequest } = await createPluginTest(Guard).request(admitted).runPhase('rewrite')
    expect(phases).toEqual(['rewrite'])
    expect(serviceRequest?.header('x-rewritten')).toBe('/a/b')
  })
})

describe('the simulated Kong of a plugin test', () => {
  it('answers 404 without a route and 503 without a service', async () => {
    const test = createPluginTest(Guard)
    const lost = await test.request(admitted).route(null).run()
    expect(lost.response?.status).toBe(404)
    expect(lost.response?.json()).toMatchObject({ message: 'no Route matched with those values' })
    const serviceless = await test.request(admitted).withService(null).run()
    expect(serviceless.response?.status).toBe(503)
    expect(serviceless.phases).toContain('access')
  })

  it('matches routes as Kong does', async () => {
    const request = createPluginTest(Guard)
      .request({ ...admitted, url: 'http://example.com/v1/things' })
      .route({ paths: ['/v1'], strip_path: true, preserve_host: true })
    const { serviceRequest } = await request.run()
    expect(serviceRequest).toMatchObject({ target: '/things' })
    expect(serviceRequest?.header('host')).toBe('example.com')
  })

  it("takes the service's url apart", async () => {
    const { serviceRequest } = await createPluginTest(Guard).request(admitted).withService({ url: 'https://orders.test:8443/base' }).run()
    expect(serviceRequest).toMatchObject({ scheme: 'https', host: 'orders.test', port: 8443, path: '/base/a/b' })
  })

  it('keeps a header whatever its name', async () => {
    const { serviceRequest } = await createPluginTest(Guard)
      .request({
        url: '/',
        headers: [
          ['X-Key', 'open sesame'],
          ['__proto__', 'a'],
        ],
      })
      .run()
    expect(Object.entries(serviceRequest?.headers ?? {})).toContainEqual(['__proto__', ['a']])
  })

  it("asks a function for the service's answer", async () => {
    const upstream = async ({ path }: { readonly path: string }): Promise<{ status: number; body: unknown }> => ({
      status: 202,
      body: { path },
    })
    const { response } = await createPluginTest(Guard).request(admitted).upstream(upstream).run()
    expect([response?.status, response?.json()]).toEqual([202, { path: '/a/b' }])
  })

  it('makes a bad gateway of a service that fails', async () => {
    const { response, serviceRequests } = await createPluginTest(Guard).request(admitted).upstream({ failure: 'refused' }).run()
    expect(response?.status).toBe(502)
    expect(serviceRequests).toHaveLength(6)
  })

  it('knows the consumer another plugin found', async () => {
    @Plugin('1.0.0', 1)
    class WhoIsIt {
      @Access()
      async access(kong: PDK): Promise<void> {
        const consumer = await kong.client.getConsumer()
        await kong.response.setHeader('x-consumer', consumer?.username ?? 'nobody')
      }
    }
    const test = createPluginTest(WhoIsIt)
    expect((await test.request().run()).response?.header('x-consumer')).toBe('nobody')
    const consumer = { id: '00000000-0000-4000-8000-000000000003', username: 'ann' }
    expect((await test.request().consumer(consumer).run()).response?.header('x-consumer')).toBe('ann')
  })

  it("takes its time from the test's clock", async () => {
    const now = Date.UTC(2030, 0, 1)
    const { serialized } = await createPluginTest(Guard, { node: { now: () => now } })
      .request()
      .run()
    expect(serialized?.started_at).toBe(now)
  })

  it('trusts the addresses it is told to trust', async () => {
    @Plugin('1.0.0', 1)
    class Addressed {
      @Access()
      async access(kong: PDK): Promise<void> {
        await kong.response.setHeader('x-client', await kong.client.getForwardedIp())
      }
    }
    const request = { headers: { 'x-real-ip': '10.1.2.3' } }
    expect((await createPluginTest(Addressed).request(request).run()).response?.header('x-client')).toBe('127.0.0.1')
    const trusting = createPluginTest(Addressed, { node: { settings: { trustedIps: ['0.0.0.0/0'] } } })
    expect((await trusting.request(request).run()).response?.header('x-client')).toBe('10.1.2.3')
  })
})

describe("Kong's own plugins in a plugin test", () => {
  @Plugin('1.0.0', 1000)
  class WhoIsIt {
    @Access()
    async access(kong: PDK): Promise<void> {
      const consumer = await kong.client.getConsumer()
      await kong.response.setHeader('x-consumer', consumer?.username ?? 'nobody')
    }
  }

  const consumers = [{ username: 'ann', keyauth_credentials: [{ key: 'secret' }] }]

  it('run before the plugin when their priority is higher', async () => {
    const test = createPluginTest(WhoIsIt, { consumers, plugins: [{ name: 'key-auth' }] })
    const { response, serviceRequest } = await test.request({ headers: { apikey: 'secret' } }).run()
    expect(response?.header('x-consumer')).toBe('ann')
    expect(serviceRequest?.header('x-consumer-username')).toBe('ann')
  })

  it('keep the plugin from running when they end the request', async () => {
    const { response, phases } = await createPluginTest(WhoIsIt, { consumers, plugins: [{ name: 'key-auth' }] })
      .request()
      .run()
    expect([response?.status, phases]).toEqual([401, []])
  })

  it('run after the plugin when their priority is lower', async () => {
    @Plugin('1.0.0', 2000)
    class BeforeKeyAuth extends WhoIsIt {}
    const test = createPluginTest(BeforeKeyAuth, { consumers, plugins: [{ name: 'key-auth' }] })
    const { response } = await test.request({ headers: { apikey: 'secret' } }).run()
    expect(response?.header('x-consumer')).toBe('nobody')
    expect((await test.request().run()).response?.status).toBe(401)
  })

  it('are refused when they are not simulated', async () => {
    const running = createPluginTest(WhoIsIt, { plugins: [{ name: 'rate-limiting' }] })
      .request()
      .run()
    await expect(running).rejects.toThrow('plugins[0]: "rate-limiting" is not simulated in memory: leave it out, or use one of key-auth')
  })
})

describe('a handler that fails', () => {
  @Plugin('1.0.0', 1)
  class Broken {
    @Access()
    async access(): Promise<void> {
      throw new Error('out of order')
    }

    @Log()
    async log(kong: PDK): Promise<void> {
      await kong.log.info('logged')
    }
  }

  it('answers 500, and the test sees the error', async () => {
    const { response, errors, phases, serviceRequests } = await createPluginTest(Broken).request().run()
    expect(response?.status).toBe(500)
    expect(errors).toEqual([{ phase: 'access', error: new Error('out of order') }])
    expect([phases, serviceRequests]).toEqual([['access', 'log'], []])
  })

  it('is told what Kong raised', async () => {
    @Plugin('1.0.0', 1)
    class Raising {
      @Log()
      async log(kong: PDK): Promise<void> {
        await kong.service.response.getHeader('x-a')
      }
    }
    const { errors, pdkCalls } = await createPluginTest(Raising).request().run()
    expect(errors).toHaveLength(1)
    expect(String(errors[0]?.error)).toContain('Kong raised in kong.service.response.get_header: API disabled in the current context')
    expect(pdkCalls[0]).toMatchObject({ outcome: 'raised', error: expect.stringContaining('API disabled') })
  })
})

describe('a stub', () => {
  @Plugin('1.0.0', 1)
  class Reader {
    @Access()
    async access(kong: PDK): Promise<void> {
      const secret = await kong.vault.get('{vault://env/secret}')
      await kong.response.setHeader('x-secret', secret ?? '')
    }
  }

  @Plugin('1.0.0', 1)
  class EnterpriseReader {
    @Access()
    async access(kong: PDK): Promise<void> {
      await kong.response.setHeader('x-groups', JSON.stringify(await kong.raw('kong.client.get_consumer_group')))
    }
  }

  it.each([
    ['a value', 'xyzzy'],
    ['a function', (reference: unknown) => (reference === '{vault://env/secret}' ? 'xyzzy' : 'other')],
    ['a promise', async () => 'xyzzy'],
  ])('answers with %s', async (_, answer) => {
    const { response } = await createPluginTest(Reader).request().stub('kong.vault.get', answer).run()
    expect(response?.header('x-secret')).toBe('xyzzy')
  })

  it('fails the call with what it throws', async () => {
    const fail = (): never => {
      throw new Error('sealed')
    }
    const { errors, response } = await createPluginTest(Reader).request().stub('kong.vault.get', fail).run()
    expect(errors).toEqual([{ phase: 'access', error: new Error('sealed') }])
    expect(response?.status).toBe(500)
  })

  it('is asked for where the simulated Kong has no answer', async () => {
    const test = createPluginTest(EnterpriseReader)
    const { errors } = await test.request().run()
    expect(String(errors[0]?.error)).toContain(
      "kong.client.get_consumer_group is not simulated: stub it with .stub('kong.client.get_consumer_group', …)",
    )
    const { response } = await test.request().stub('kong.client.get_consumer_group', { name: 'gold' }).run()
    expect(response?.header('x-groups')).toBe('{"name":"gold"}')
  })
})
