import { afterEach, describe, expect, it } from 'vitest'
import { createPluginTest, type PluginTestOptions } from '../../src/index.js'
import { Plugin, Rewrite } from '@kong-ts/core'

@Plugin('1.0.0', 1)
class Nothing {
  @Rewrite()
  rewrite(): void {}
}

const TARGETS = ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80', '10.0.0.4:80'].map((target) => ({ target }))
let test: ReturnType<typeof createPluginTest> | undefined
afterEach(() => test?.close())

function balanced(upstream: object, options: Omit<PluginTestOptions, 'service' | 'upstreams'> = {}) {
  test = createPluginTest(Nothing, {
    ...options,
    service: { host: 'pool' },
    upstreams: [{ name: 'pool', algorithm: 'consistent-hashing', targets: TARGETS, ...upstream }],
  })
  return test
}

type Request = Parameters<ReturnType<typeof createPluginTest>['request']>[0]

async function targetOf(tested: ReturnType<typeof createPluginTest>, request?: Request): Promise<string | undefined> {
  return (await tested.request(request).run()).serviceRequest?.host
}

/** The hosts that requests with twenty different keys reach. Sends each key twice, and expects the same host. */
async function hostsOf(
  tested: ReturnType<typeof createPluginTest>,
  requestOf: (key: string) => Request,
): Promise<ReadonlySet<string | undefined>> {
  const hosts = new Set<string | undefined>()
  for (let index = 0; index < 20; index++) {
    const host = await targetOf(tested, requestOf(`key${index}`))
    expect(await targetOf(tested, requestOf(`key${index}`))).toBe(host)
    hosts.add(host)
  }
  return hosts
}

describe('an upstream with consistent hashing', () => {
  it.each([
    ['header', { hash_on_header: 'X-Key' }, (key: string) => ({ headers: { 'x-key': key } })],
    ['query_arg', { hash_on_query_arg: 'key' }, (key: string) => ({ url: `/?key=${key}` })],
    ['path', {}, (key: string) => ({ url: `/${key}` })],
    ['cookie', { hash_on_cookie: 'key' }, (key: string) => ({ headers: { cookie: `a=b; key=${key}` } })],
    ['ip', {}, (key: string) => ({ clientIp: `10.9.8.${key.slice(3)}` })],
  ])('sends equal keys of hash_on: %s to one target, and different ones to several', async (hash_on, fields, requestOf) => {
    expect((await hostsOf(balanced({ hash_on, ...fields }), requestOf)).size).toBeGreaterThan(1)
  })

  it('hashes by the consumer', async () => {
    const tested = balanced({ hash_on: 'consumer', hash_fallback: 'ip' })
    const ofConsumer = async (username: string) => (await tested.request().consumer({ id: username, username }).run()).serviceRequest?.host
    const hosts = new Set<string | undefined>()
    for (let index = 0; index < 20; index++) {
      const host = await ofConsumer(`ann${index}`)
      expect(await ofConsumer(`ann${index}`)).toBe(host)
      hosts.add(host)
    }
    expect(hosts.size).toBeGreaterThan(1)
  })

  it('takes the fallback where a request has no key, and any target where it has neither', async () => {
    const tested = balanced({ hash_on: 'header', hash_on_header: 'x-a', hash_fallback: 'header', hash_fallback_header: 'x-b' })
    const byFallback = await targetOf(tested, { headers: { 'x-b': '1' } })
    for (let index = 0; index < 5; index++) expect(await targetOf(tested, { headers: { 'x-b': '1' } })).toBe(byFallback)
    expect(await targetOf(tested)).toMatch(/^10\.0\.0\.[1-4]$/)
  })

  it('gives a client without the cookie one that keeps its target', async () => {
    const tested = balanced({ hash_on: 'cookie', hash_on_cookie: 'sticky', hash_on_cookie_path: '/shop' })
    const first = await tested.request().run()
    const cookie = first.response?.header('set-cookie') ?? ''
    expect(cookie).toMatch(/^sticky=[0-9a-f-]{36}; Path=\/shop$/)
    for (let index = 0; index < 5; index++) {
      const again = await tested.request({ headers: { cookie: cookie.split(';', 1)[0] ?? '' } }).run()
      expect(again.serviceRequest?.host).toBe(first.serviceRequest?.host)
      expect(again.response?.header('set-cookie')).toBeUndefined()
    }
  })

  it('asks another target when the one of the key is down, and sends nothing to those of weight 0', async () => {
    const tested = balanced({ hash_on: 'header', hash_on_header: 'x-key', targets: [...TARGETS, { target: '10.0.0.5:80', weight: 0 }] })
    const usual = await targetOf(tested, { headers: { 'x-key': 'k' } })
    const run = await tested
      .request({ headers: { 'x-key': 'k' } })
      .upstream(({ host }) => (host === usual ? { failure: 'refused' } : { body: host }))
      .run()
    expect(run.response?.text).toMatch(/^10\.0\.0\.[1-4]$/)
    expect(run.response?.text).not.toBe(usual)
  })
})
