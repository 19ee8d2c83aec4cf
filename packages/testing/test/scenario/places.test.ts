import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { createScenario, rawPdkMethod, scenarioPlaces, type Scenario, type ScenarioOptions } from '../../src/index.js'
import '../../src/vitest.js'
import { scriptConfig, Scripted, scriptFile } from './fixtures/scripted-plugin.js'

const script = scriptFile('scripted-main')
const opened: Scenario[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const scenario of opened.splice(0)) await scenario.close()
})

function scenarioOf(options: Partial<ScenarioOptions>): Scenario {
  const scenario = createScenario(Scripted, { script, ...options })
  opened.push(scenario)
  return scenario
}

describe('where a scenario runs', () => {
  it('is said by the environment', () => {
    const placeWith = (variables: Record<string, string>): string => {
      vi.unstubAllEnvs()
      for (const [name, value] of Object.entries({ KONG_TS_PLACE: '', KONG_TS_TARGET: '', ...variables })) vi.stubEnv(name, value)
      return scenarioOf({}).place
    }
    expect(placeWith({})).toBe('memory')
    expect(placeWith({ KONG_TS_TARGET: 'http://localhost:8000' })).toBe('kong')
    expect(placeWith({ KONG_TS_PLACE: 'gateway-protobuf', KONG_TS_TARGET: 'http://localhost:8000' })).toBe('gateway-protobuf')
    expect(() => placeWith({ KONG_TS_PLACE: 'docker' })).toThrow(
      'KONG_TS_PLACE is "docker": set it to one of memory, gateway, gateway-msgpack, gateway-protobuf, kong',
    )
  })

  it('is said by an option before that', () => {
    vi.stubEnv('KONG_TS_PLACE', 'kong')
    expect(scenarioOf({ place: 'memory' }).place).toBe('memory')
  })

  it('can be everywhere', () => {
    expect(scenarioPlaces({})).toEqual(['memory', 'gateway-msgpack', 'gateway-protobuf'])
    expect(scenarioPlaces({ KONG_TS_TARGET: 'http://localhost:8000' })).toEqual(['memory', 'gateway-msgpack', 'gateway-protobuf', 'kong'])
    expect(scenarioPlaces({ KONG_TS_PLACE: 'gateway' })).toEqual(['gateway'])
  })
})

describe('what a place does not have', () => {
  const gateway = createScenario(Scripted, { script, place: 'gateway' })
  afterAll(() => gateway.close())

  it('is seen in memory', async () => {
    const config = scriptConfig({ access: [['kong.log.warn', ['hello']]], log: [['kong.log.serialize', []]] })
    const result = await scenarioOf({ place: 'memory', config }).request().run()
    expect(result.phases).toEqual(['access', 'log'])
    expect(result).toHaveCalledPdk('kong.log.warn', 'hello')
    expect(result.logLines[0]?.text).toContain('hello')
    expect(result.serialized?.response?.status).toBe(200)
    expect(result).toHaveNoHandlerErrors()
  })

  it.each(['phases', 'pdkCalls', 'logLines', 'serialized', 'errors'] as const)('is %s through sockets, and says so', async (part) => {
    const result = await gateway.request().run()
    expect(() => result[part]).toThrow(`${part} cannot be seen in gateway: Kong and the plugin server are other processes there.`)
    expect(() => expect(result).toMakeAtMostPdkCalls(1)).toThrow('pdkCalls cannot be seen in gateway')
  })

  it('is a stub through sockets', () => {
    const request = gateway.request()
    expect(() => request.stub('kong.vault.get', 1)).toThrow(
      "kong.vault.get cannot be stubbed in gateway: Kong itself answers the plugin server there. Skip this test unless scenario.place is 'memory'",
    )
    expect(() => request.stub(rawPdkMethod('kong.my.function'), 1)).toThrow('kong.my.function cannot be stubbed in gateway')
  })

  it.each([
    ['providers', { place: 'gateway', providers: [] }, 'the plugin runs in a process of its own there'],
    ['settings', { place: 'kong', settings: {} }, "kong.conf is that Kong's own: set it there"],
    ['env', { place: 'kong', env: {} }, "the environment is that Kong's own: set it there"],
  ] as const)('is a choice of %s', (option, options, reason) => {
    expect(() => scenarioOf(options)).toThrow(`${option} cannot be chosen in ${options.place}: ${reason}`)
  })

  it.each([
    [{ httpVersion: '1.0' }, "httpVersion '1.0' cannot be sent in gateway: leave it out"],
    [{ clientIp: '10.0.0.1' }, 'clientIp cannot be chosen in gateway: send X-Real-IP'],
  ] as const)('is a request with %o', async (request, message) => {
    await expect(gateway.request(request).run()).rejects.toThrow(message)
  })

  it.each([
    [{ url: 'https://service.test' }, 'a service that speaks https cannot be replaced through sockets: use http'],
    [{ host: '10.0.0.1' }, 'a service at 10.0.0.1 cannot be replaced through sockets: give it a host name'],
  ])('is a service with %o', async (service, message) => {
    await expect(gateway.request().withService(service).run()).rejects.toThrow(message)
  })

  it('is a service that fails otherwise than services do', async () => {
    await expect(gateway.request().upstream({ failure: 'dns' }).run()).rejects.toThrow('cannot fail with dns through sockets')
    await expect(
      gateway
        .request()
        .upstream(() => ({ failure: 'refused' }))
        .run(),
    ).rejects.toThrow('cannot fail with refused through sockets')
  })
})

describe('a scenario through sockets', () => {
  it('names the script that is not there', async () => {
    const running = scenarioOf({ place: 'gateway', script: '/nowhere/dist/main.js' }).request().run()
    await expect(running).rejects.toThrow('/nowhere/dist/main.js does not exist: build the plugin first')
  })

  it('shows the log of the gateway in its report', async () => {
    const config = scriptConfig({ access: [['kong.log.warn', ['look here']]] })
    const result = await scenarioOf({ place: 'gateway', config }).request().run()
    expect(result.report()).toMatch(/^client got: 200\nservice got: GET \/\n[^]*\[warn\].*look here/)
  })

  it('gives up after its time', async () => {
    const running = scenarioOf({ place: 'gateway', timeoutMs: 200 }).request().upstream({ failure: 'read-timeout' }).run()
    await expect(running).rejects.toThrow(/^no answer within 200 ms from http:\/\/127\.0\.0\.1:\d+: look for what hangs/)
  })
})
