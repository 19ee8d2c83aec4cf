import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { Access, Plugin } from '@kong-ts/core'
import { createScenario, type KongAddress, type Scenario, type ScenarioOptions } from '../../src/index.js'
import '../../src/vitest.js'
import { startKongWithDatabase, type KongWithDatabase } from './fixtures/kong-with-database.js'
import { scriptConfig, Scripted, ScriptedGlobal, scriptFile, type Script } from './fixtures/scripted-plugin.js'
import { startAdminBefore, startTestKong, type TestKong } from './fixtures/test-kong.js'

const MARKING: Script = { access: [['kong.service.request.set_header', ['x-marked', 'yes']]] }
const CONSUMER: Script = {
  access: [
    ['kong.client.get_consumer', []],
    ['kong.response.exit', [200, { result: 0 }]],
  ],
}

function scenarioIn(kong: Partial<KongAddress>, script: Script, options: Partial<ScenarioOptions> = {}): Scenario {
  const scenario = createScenario(Scripted, {
    script: scriptFile('scripted-main'),
    config: scriptConfig(script),
    place: 'kong',
    kong,
    ...options,
  })
  onTestFinished(() => scenario.close())
  return scenario
}

let without: TestKong
let withDatabase: KongWithDatabase
beforeAll(async () => {
  without = await startTestKong()
  withDatabase = await startKongWithDatabase()
})
afterAll(async () => {
  await without.close()
  await withDatabase.close()
})

/** Status of a request to `/` that no scenario made. */
const statusOf = async ({ target }: TestKong): Promise<number> => (await fetch(target)).status

describe.each([
  ['without a database', () => without],
  ['with a database', () => withDatabase],
])('a scenario in a Kong %s', (_, kongOf) => {
  it('runs as it does elsewhere', async () => {
    const kong = kongOf()
    const scenario = scenarioIn(kong, MARKING)
    const result = await scenario.request({ method: 'POST', url: '/a?b=c', body: 'text' }).upstream({ status: 201, body: 'made' }).run()
    expect(result.place).toBe('kong')
    expect([result.response?.status, result.response?.text]).toEqual([201, 'made'])
    expect(result.serviceRequest).toMatchObject({ method: 'POST', target: '/a?b=c', text: 'text' })
    expect(result.serviceRequest?.headers).toMatchObject({ host: ['service.test'], 'x-marked': ['yes'] })
    const again = await scenario.request({ url: 'https://kong.test/' }).upstream({ failure: 'closed' }).run()
    expect([again.response?.status, again.serviceRequests.length]).toEqual([502, 6])
    expect(() => again.phases).toThrow('phases cannot be seen in kong')
    expect(again.report()).toContain("Kong's error.log tells more: it cannot be seen in kong")
  })

  it('changes route, service and consumers from request to request', async () => {
    const scenario = scenarioIn(kongOf(), CONSUMER, { consumers: [{ username: 'ann' }] })
    expect((await scenario.request().consumer('ann').run()).response?.json()).toMatchObject({ username: 'ann' })
    expect((await scenario.request().consumer({ username: 'bob' }).run()).response?.json()).toMatchObject({ username: 'bob' })
    expect((await scenario.request().run()).response?.text).toBe('')
    expect(await scenario.request().route(null).run()).toHaveStatus(404)
    expect(
      await scenario
        .request({ url: '/v1/a' })
        .route({ paths: ['/v1'] })
        .run(),
    ).toHaveStatus(200)
    const refused = scenarioIn(kongOf(), MARKING)
    expect(await refused.request().upstream({ failure: 'refused' }).run()).toHaveStatus(502)
    expect(await refused.request().withService(null).run()).toHaveStatus(503)
  })

  it('runs a plugin with a rewrite handler for every route', async () => {
    const config = scriptConfig({ rewrite: [['kong.service.request.set_header', ['x-marked', 'early']]] })
    const kong = kongOf()
    const scenario = createScenario(ScriptedGlobal, { script: scriptFile('scripted-global-main'), config, place: 'kong', kong })
    onTestFinished(() => scenario.close())
    expect((await scenario.request().run()).serviceRequest).toHaveHeader('x-marked', 'early')
    expect((await scenario.request().run()).serviceRequest).toHaveHeader('x-marked', 'early')
  })

  it('leaves nothing behind', async () => {
    const kong = kongOf()
    const scenario = scenarioIn(kong, MARKING)
    await scenario.start()
    expect(await statusOf(kong)).toBe(200)
    await scenario.close()
    expect(await statusOf(kong)).toBe(404)
    // A closed scenario begins anew.
    expect(await scenario.request().run()).toHaveStatus(200)
  })

  it('carries what Kong says about a configuration to the test', async () => {
    const scenario = scenarioIn(kongOf(), {}, { config: { nothing: 1 } })
    await expect(scenario.start()).rejects.toThrow(
      /^Kong at http:[^ ]+ refuses POST \/(config|plugins) with 400: correct what its answer names: .*nothing/,
    )
  })
})

describe('a Kong without a database', () => {
  it('gets back the configuration it had', async () => {
    const before = '{"_format_version":"3.0","routes":[{"name":"mine","paths":["/mine"]}]}'
    let config = before
    const kong = await startAdminBefore(without, async (method, path, body) => {
      if (path !== '/config') return undefined
      if (method === 'GET') return { status: 200, body: { config } }
      config = body
      return undefined
    })
    onTestFinished(() => kong.close())
    const scenario = scenarioIn(kong, MARKING)
    await scenario.start()
    expect(config).not.toContain('mine')
    await scenario.close()
    expect(JSON.parse(config)).toEqual({ config: before })
  })

  it('of version 2 gets the format it knows', async () => {
    const formats: unknown[] = []
    const kong = await startAdminBefore(without, async (method, path, body) => {
      if (path === '/config' && method === 'POST') formats.push(Object(JSON.parse(body))._format_version)
      if (method !== 'GET' || path !== '/') return undefined
      const information: unknown = await (await fetch(without.admin)).json()
      return { status: 200, body: { ...Object(information), version: '2.8.4', plugins: { available_on_server: { scripted: true } } } }
    })
    onTestFinished(() => kong.close())
    const scenario = scenarioIn(kong, MARKING)
    expect((await scenario.request().run()).serviceRequest).toHaveHeader('x-marked')
    await scenario.close()
    expect(formats).toEqual(['2.1', '2.1'])
  })

  it('is asked again while it is busy', async () => {
    let busy = 2
    const kong = await startAdminBefore(without, async (method, path) =>
      method === 'POST' && path === '/config' && busy-- > 0 ? { status: 429, headers: { 'retry-after': '0' } } : undefined,
    )
    onTestFinished(() => kong.close())
    expect((await scenarioIn(kong, MARKING).request().run()).serviceRequest).toHaveHeader('x-marked')
    expect(busy).toBeLessThan(0)
  })

  it('is configured again when somebody else has used it meanwhile', async () => {
    const kong = without
    const [one, other] = [scenarioIn(kong, MARKING), scenarioIn(kong, CONSUMER)]
    expect((await one.request().run()).serviceRequest).toHaveHeader('x-marked')
    expect(await other.request().run()).toHaveExited(200)
    expect((await one.request().run()).serviceRequest).toHaveHeader('x-marked')
  })

  it('is waited for when it takes up a configuration late', async () => {
    const kong = without
    let pending: string | undefined
    const late = await startAdminBefore(kong, async (_, path, body) => {
      if (path !== '/config' || body === '') return undefined
      pending = body
      return { status: 201, body: {} }
    })
    onTestFinished(() => late.close())
    // A proxy that takes up the configuration with the third request that asks for it.
    let asked = 0
    const proxy = createServer(async (request, response) => {
      asked++
      if (asked === 3 && pending !== undefined) await fetch(`${kong.admin}/config`, { method: 'POST', body: pending })
      const { url = '/' } = request
      const answer = await fetch(`${kong.target}${url}`)
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()))
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const address: AddressInfo | string | null = proxy.address()
    const target = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    const scenario = scenarioIn({ ...late, target }, MARKING)
    expect((await scenario.request().run()).serviceRequest).toHaveHeader('x-marked', 'yes')
    expect(asked).toBeGreaterThan(10)
  })
})

describe('a Kong with a database', () => {
  it('keeps what others have in it', async () => {
    const kong = withDatabase
    const post = (path: string, body: object): Promise<unknown> =>
      fetch(`${kong.admin}${path}`, { method: 'POST', body: JSON.stringify(body) })
    await post('/services', { id: '11111111-0000-4000-8000-000000000000', name: 'theirs', host: 'theirs.test' })
    const before = [...kong.entities.keys()]
    const scenario = scenarioIn(kong, CONSUMER)
    await scenario.request().consumer({ username: 'ann' }).run()
    expect(kong.entities.size).toBeGreaterThan(before.length + 5)
    await scenario.close()
    expect([...kong.entities.keys()]).toEqual(before)
    await fetch(`${kong.admin}/services/11111111-0000-4000-8000-000000000000`, { method: 'DELETE' })
  })

  it('takes what an earlier run left behind', async () => {
    const kong = withDatabase
    const killed = scenarioIn(kong, CONSUMER)
    await killed.request().consumer({ username: 'ann' }).run()
    const scenario = scenarioIn(kong, CONSUMER)
    expect((await scenario.request().consumer({ username: 'ann' }).run()).response?.json()).toMatchObject({ username: 'ann' })
  })

  it('is not left with half a configuration', async () => {
    const kong = withDatabase
    const scenario = scenarioIn(kong, {}, { config: { nothing: 1 } })
    await expect(scenario.start()).rejects.toThrow('nothing')
    await scenario.close()
    expect([...kong.entities.keys()]).toEqual([])
  })
})

describe('a Kong that cannot be used', () => {
  it('does not know the plugin', async () => {
    @Plugin('1.0.0', 1)
    class Unheard {
      @Access()
      access(): void {}
    }
    const kong = without
    const scenario = createScenario(Unheard, { script: 'none.js', place: 'kong', kong })
    await expect(scenario.request().run()).rejects.toThrow(
      `Kong at ${kong.admin} does not know the plugin unheard: name it in plugins and pluginserver_names of its kong.conf`,
    )
  })

  it('runs another version of it', async () => {
    @Plugin('2.0.0', 1000, { name: 'scripted' })
    class Newer {
      @Access()
      access(): void {}
    }
    const scenario = createScenario(Newer, { script: 'none.js', place: 'kong', kong: without })
    await expect(scenario.request().run()).rejects.toThrow(
      'runs scripted 1.0.0, this test is for 2.0.0: build the plugin, and restart Kong',
    )
  })

  it("cannot reach the test's upstream", async () => {
    const scenario = scenarioIn({ ...without, upstreamHost: '127.0.0.2' }, MARKING)
    await expect(scenario.request().run()).rejects.toThrow(
      /cannot reach the scenario's upstream at 127\.0\.0\.2:\d+: set KONG_TS_UPSTREAM_HOST/,
    )
  })

  it('is not there', async () => {
    const kong = without
    await expect(scenarioIn({ ...kong, admin: 'http://127.0.0.1:1' }, {}).start()).rejects.toThrow(
      'there is no Admin API at http://127.0.0.1:1',
    )
    await expect(scenarioIn({ ...kong, target: 'http://127.0.0.1:1' }, {}).start()).rejects.toThrow('http://127.0.0.1:1 takes no requests')
    await expect(scenarioIn({ ...kong, admin: kong.target }, {}).start()).rejects.toThrow(/answers GET \/ with \d+ and is not an Admin API/)
    await expect(scenarioIn({ ...kong, upstreamListen: '203.0.113.1' }, {}).start()).rejects.toThrow(
      'cannot listen on 203.0.113.1: correct KONG_TS_UPSTREAM_LISTEN',
    )
  })

  it('is named by the environment', async () => {
    const { target, admin } = without
    for (const name of ['KONG_TS_TARGET', 'KONG_TS_TARGET_TLS', 'KONG_TS_ADMIN', 'KONG_TS_UPSTREAM_HOST', 'KONG_TS_UPSTREAM_LISTEN'])
      vi.stubEnv(name, '')
    onTestFinished(() => void vi.unstubAllEnvs())
    await expect(scenarioIn({}, {}).start()).rejects.toThrow(
      "the address of Kong's proxy is missing: set KONG_TS_TARGET, for example to http://localhost:8000",
    )
    vi.stubEnv('KONG_TS_TARGET', target)
    await expect(scenarioIn({}, {}).start()).rejects.toThrow(
      "the address of Kong's Admin API is missing: set KONG_TS_ADMIN, for example to http://localhost:8001",
    )
    vi.stubEnv('KONG_TS_ADMIN', 'localhost:8001')
    await expect(scenarioIn({}, {}).start()).rejects.toThrow('KONG_TS_ADMIN is "localhost:8001": set it to the address of')
    vi.stubEnv('KONG_TS_ADMIN', `${admin}/`)
    const scenario = scenarioIn({}, MARKING)
    expect(await scenario.request().run()).toHaveStatus(200)
    await expect(scenario.request({ url: 'https://kong.test/' }).run()).rejects.toThrow(
      'no address for https is known in kong: set KONG_TS_TARGET_TLS',
    )
  })
})
