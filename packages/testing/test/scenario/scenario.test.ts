import { afterEach, describe, expect, it } from 'vitest'
import { createScenario, type Scenario, type ScenarioOptions, type ScenarioPlace } from '../../src/index.js'
import '../../src/vitest.js'
import { scriptConfig, Scripted, ScriptedGlobal, scriptFile, type Script } from './fixtures/scripted-plugin.js'

const opened: Scenario[] = []
afterEach(async () => {
  for (const scenario of opened.splice(0)) await scenario.close()
})

function scripted(place: ScenarioPlace, script: Script, options: Partial<ScenarioOptions> = {}): Scenario {
  const scenario = createScenario(Scripted, { script: scriptFile('scripted-main'), config: scriptConfig(script), place, ...options })
  opened.push(scenario)
  return scenario
}

/** Answers with what one PDK function tells. */
const telling = (method: `kong.${string}`, ...args: readonly unknown[]): Script => ({
  access: [
    [method, args],
    ['kong.response.exit', [200, { result: 0 }]],
  ],
})

const MARKING: Script = {
  access: [
    ['kong.request.get_header', ['x-given']],
    ['kong.service.request.set_header', ['x-marked', { result: 0 }]],
    ['kong.response.set_header', ['x-answered', { result: 0 }]],
  ],
}

describe.each(['memory', 'gateway'] as const)('a scenario in %s', (place) => {
  it('shows what client and service got', async () => {
    const result = await scripted(place, MARKING)
      .request({ method: 'POST', url: '/a%20b?c=d', headers: { 'X-Given': 'yes' }, body: { n: 1 } })
      .upstream({ status: 201, reason: 'Made', headers: { 'X-From': 'service' }, body: 'hello' })
      .run()
    expect(result.place).toBe(place)
    expect(result).toHaveStatus(201)
    expect(result).toHaveHeader('x-answered', 'yes')
    expect(result).toHaveHeader('x-from', 'service')
    expect(result).toHaveReachedService()
    expect(result).not.toHaveExited()
    expect([result.connection, result.response?.reason, result.response?.text]).toEqual(['response', 'Made', 'hello'])
    expect(result.serviceRequest).toMatchObject({ method: 'POST', target: '/a%20b?c=d', path: '/a%20b', query: 'c=d' })
    expect(result.serviceRequest?.json()).toEqual({ n: 1 })
    expect(result.serviceRequest?.headers).toMatchObject({
      host: ['service.test'],
      'x-marked': ['yes'],
      'content-type': ['application/json'],
    })
  })

  it('shows a request that ended before the service', async () => {
    const result = await scripted(place, { access: [['kong.response.exit', [403, 'no']]] })
      .request()
      .run()
    expect(result).toHaveExited(403)
    expect(result).not.toHaveReachedService()
    expect([result.response?.text, result.serviceRequest, result.serviceRequests]).toEqual(['no', undefined, []])
    expect(result.report()).toMatch(/^client got: 403 no\nservice got: no request\n/)
  })

  it('sends the same headers everywhere', async () => {
    const headers = [
      ['X-A', '1'],
      ['x-a', '2'],
      ['Accept', 'é'],
    ] as const
    const { response } = await scripted(place, telling('kong.request.get_headers')).request({ method: 'POST', headers, body: 'abc' }).run()
    expect(response?.json()).toEqual({ host: ['localhost'], 'x-a': ['1', '2'], accept: ['é'], 'content-length': ['3'] })
  })

  it("asks a function for the service's answer, and carries its error to the test", async () => {
    const scenario = scripted(place, {})
    const { response } = await scenario
      .request({ url: '/a' })
      .upstream(async ({ path }) => ({ body: { path } }))
      .run()
    expect([response?.header('content-type'), response?.json()]).toEqual(['application/json', { path: '/a' }])
    const failing = scenario.request().upstream(() => {
      throw new Error('not expected')
    })
    await expect(failing.run()).rejects.toThrow('not expected')
  })

  it('carries bytes', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    const { response, serviceRequest } = await scripted(place, {}).request({ method: 'PUT', body: bytes }).upstream({ body: bytes }).run()
    expect([...(serviceRequest?.body ?? [])]).toEqual([...bytes])
    expect([...(response?.body ?? [])]).toEqual([...bytes])
  })

  it.each([
    ['refuses connections', 'refused', 0],
    ['closes connections', 'closed', 6],
    ['answers with a malformed head', 'invalid', 6],
  ] as const)('shows what becomes of a service that %s', async (_, failure, tries) => {
    const result = await scripted(place, {}).request().upstream({ failure }).run()
    expect([result.response?.status, result.serviceRequests.length]).toEqual([502, tries])
  })

  it('routes as Kong does', async () => {
    const scenario = scripted(place, {})
    const stripped = await scenario
      .request({ url: 'http://example.com/v1/a' })
      .route({ paths: ['/v1'], strip_path: true, preserve_host: true })
      .run()
    expect(stripped.serviceRequest?.target).toBe('/a')
    expect(stripped.serviceRequest).toHaveHeader('host', 'example.com')
    expect(await scenario.request().route(null).run()).toHaveStatus(404)
    expect(await scenario.request().withService(null).run()).toHaveStatus(503)
    const other = await scenario.request({ url: '/a' }).withService({ url: 'http://orders.test:8080/base' }).run()
    expect(other.serviceRequest?.target).toBe('/base/a')
    expect(other.serviceRequest).toHaveHeader('host', 'orders.test:8080')
  })

  it('makes requests as consumers', async () => {
    const scenario = scripted(place, telling('kong.client.get_consumer'), { consumers: [{ username: 'ann' }] })
    expect((await scenario.request().run()).response?.text).toBe('')
    expect((await scenario.request().consumer('ann').run()).response?.json()).toMatchObject({ username: 'ann' })
    const bob = await scenario.request().consumer({ username: 'bob', custom_id: 'b' }).run()
    expect(bob.response?.json()).toMatchObject({ username: 'bob', custom_id: 'b' })
    expect((await scenario.request().consumer('bob').run()).response?.json()).toMatchObject({ username: 'bob' })
    expect(() => scenario.request().consumer('eve')).toThrow(
      "the scenario has no consumer eve, only ann, bob: list it in the scenario's consumers",
    )
    expect(() => scenario.request().consumer({})).toThrow('has no name: give it a username')
  })

  it("tells the service about the consumer, and keeps the scenario's key from it", async () => {
    const { serviceRequest } = await scripted(place, {}).request().consumer({ username: 'ann' }).run()
    expect(serviceRequest).toHaveHeader('x-consumer-username', 'ann')
    expect(Object.keys(serviceRequest?.headers ?? {}).filter((name) => name.includes('key'))).toEqual([])
  })

  it("has Kong's own plugins beside the tested one", async () => {
    const plugins = [{ name: 'request-transformer', config: { add: { headers: ['x-added:1'] } } }]
    const scenario = scripted(place, MARKING, { plugins })
    expect((await scenario.request({ headers: { 'x-given': '2' } }).run()).serviceRequest?.headers).toMatchObject({
      'x-added': ['1'],
      'x-marked': ['2'],
    })
    const own = scripted(place, {}, { plugins: [{ name: 'key-auth' }] })
    expect(await own.request().run()).toHaveStatus(401)
    await expect(own.request().consumer({ username: 'ann' }).run()).rejects.toThrow(
      'consumer() adds a key-auth, and this scenario has one already',
    )
  })

  it('reads settings of kong.conf, and the environment of a vault', async () => {
    const trusting = scripted(place, telling('kong.client.get_forwarded_ip'), { settings: { trusted_ips: '0.0.0.0/0' } })
    expect((await trusting.request({ headers: { 'x-real-ip': '10.1.2.3' } }).run()).response?.text).toBe('10.1.2.3')
    const secretive = scripted(place, telling('kong.vault.get', '{vault://env/scenario-secret}'), { env: { SCENARIO_SECRET: 'xyzzy' } })
    expect((await secretive.request().run()).response?.text).toBe('xyzzy')
  })

  it('takes requests with TLS', async () => {
    const scenario = scripted(place, telling('kong.request.get_scheme'))
    expect((await scenario.request({ url: 'https://kong.test/' }).run()).response?.text).toBe('https')
    expect((await scenario.request({ url: 'http://kong.test/' }).run()).response?.text).toBe('http')
  })

  it('runs a plugin with a rewrite handler for every route', async () => {
    const config = scriptConfig({ rewrite: [['kong.service.request.set_header', ['x-rewritten', 'yes']]] })
    const scenario = createScenario(ScriptedGlobal, { script: scriptFile('scripted-global-main'), config, place })
    opened.push(scenario)
    expect((await scenario.request().run()).serviceRequest).toHaveHeader('x-rewritten', 'yes')
  })

  it('keeps requests apart that are begun together', async () => {
    const scenario = scripted(place, MARKING)
    const results = await Promise.all(
      ['1', '2', '3'].map((name) =>
        scenario
          .request({ url: `/${name}`, headers: { 'x-given': name } })
          .upstream({ body: name })
          .run(),
      ),
    )
    expect(results.map(({ response, serviceRequests }) => [response?.text, serviceRequests.map(({ path }) => path)])).toEqual([
      ['1', ['/1']],
      ['2', ['/2']],
      ['3', ['/3']],
    ])
  })

  it('fails for a configuration that breaks its rules, and goes on for the next test', async () => {
    const wrong = scripted(place, {}, { config: { nothing: 1 } })
    await expect(wrong.start()).rejects.toThrow('nothing')
    await expect(wrong.request().run()).rejects.toThrow('nothing')
    const scenario = scripted(place, {})
    await scenario.start()
    expect(await scenario.request().run()).toHaveStatus(200)
  })
})
