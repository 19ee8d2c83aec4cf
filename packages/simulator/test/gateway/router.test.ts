import { describe, expect, it } from 'vitest'
import { createDeclarativeConfig } from '../../src/gateway/entities/declarative-config.js'
import { createRouter } from '../../src/gateway/router/router.js'
import type { RouteQuestion } from '../../src/model/index.js'

interface Asked {
  readonly path?: string
  readonly host?: string
  readonly method?: string
  readonly scheme?: 'http' | 'https'
  readonly serverName?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly port?: number
}

function routerOf(routes: readonly Record<string, unknown>[]) {
  const router = createRouter(createDeclarativeConfig({ _format_version: '3.0', routes }, 'config', 0).routes)
  return (asked: Asked) => {
    const headers = asked.headers ?? {}
    const question: RouteQuestion = {
      scheme: asked.scheme ?? 'http',
      method: asked.method ?? 'GET',
      host: asked.host ?? 'gw.test',
      path: asked.path ?? '/',
      header: (name) => (headers[name] === undefined ? [] : [headers[name]]),
      source: { ip: '10.1.2.3', port: 40_000 },
      destination: { ip: '127.0.0.1', port: asked.port ?? 8000 },
      ...(asked.serverName === undefined ? {} : { serverName: asked.serverName }),
    }
    return router.match(question)
  }
}

function nameOf(match: ReturnType<ReturnType<typeof routerOf>>): unknown {
  return match?.route.get('name')
}

describe('the router', () => {
  it('takes the longer prefix, and a regular expression before any prefix', () => {
    const ask = routerOf([
      { name: 'root', paths: ['/'] },
      { name: 'long', paths: ['/api/v1'] },
      { name: 'short', paths: ['/api'] },
      { name: 'regex', paths: ['~/api/v(?<version>\\d)/\\w+$'] },
    ])
    expect(nameOf(ask({ path: '/api/v1' }))).toBe('long')
    expect(nameOf(ask({ path: '/api/x' }))).toBe('short')
    expect(nameOf(ask({ path: '/apix' }))).toBe('short')
    expect(nameOf(ask({ path: '/other' }))).toBe('root')
    const match = ask({ path: '/api/v1/users' })
    expect(nameOf(match)).toBe('regex')
    expect(match?.captures?.unnamed).toEqual(['/api/v1/users', '1'])
    expect(match?.captures?.named).toEqual(new Map([['version', '1']]))
  })

  it('ranks regular expressions by regex_priority', () => {
    const ask = routerOf([
      { name: 'a', paths: ['~/x.*'] },
      { name: 'b', paths: ['~/x/y'], regex_priority: 5 },
    ])
    expect(nameOf(ask({ path: '/x/y' }))).toBe('b')
  })

  it('takes the route with more kinds of conditions', () => {
    const ask = routerOf([
      { name: 'path', paths: ['/long/path'] },
      { name: 'both', paths: ['/'], methods: ['GET'] },
    ])
    expect(nameOf(ask({ path: '/long/path' }))).toBe('both')
    expect(nameOf(ask({ path: '/long/path', method: 'PUT' }))).toBe('path')
  })

  it('matches hosts with wildcard and port, a plain one first', () => {
    const ask = routerOf([
      { name: 'wild', hosts: ['*.a.test'] },
      { name: 'plain', hosts: ['x.a.test'] },
      { name: 'end', hosts: ['b.*'] },
      { name: 'port', hosts: ['c.test:81'] },
    ])
    expect(nameOf(ask({ host: 'x.a.test:8000' }))).toBe('plain')
    expect(nameOf(ask({ host: 'y.z.a.test' }))).toBe('wild')
    expect(nameOf(ask({ host: 'a.test' }))).toBeUndefined()
    expect(nameOf(ask({ host: 'b.org' }))).toBe('end')
    expect(nameOf(ask({ host: 'c.test:81' }))).toBe('port')
    expect(nameOf(ask({ host: 'c.test' }))).toBeUndefined()
    expect(nameOf(ask({ host: 'c.test', port: 81 }))).toBe('port')
  })

  it('looks at the letter case of hosts', () => {
    const ask = routerOf([{ name: 'plain', hosts: ['x.test'] }])
    expect(nameOf(ask({ host: 'X.test' }))).toBeUndefined()
  })

  it('takes an IPv6 host as a whole, its port included', () => {
    const ask = routerOf([{ name: 'v6', hosts: ['[::1]:81'] }])
    expect(nameOf(ask({ host: '[::1]:81' }))).toBe('v6')
    expect(nameOf(ask({ host: '[::1]', port: 81 }))).toBeUndefined()
  })

  it('matches addresses of both ends', () => {
    const ask = routerOf([
      { name: 'near', paths: ['/'], sources: [{ ip: '10.0.0.0/8' }] },
      { name: 'port', paths: ['/'], destinations: [{ port: 8443 }] },
    ])
    expect(nameOf(ask({}))).toBe('near')
    expect(nameOf(routerOf([{ name: 'far', paths: ['/'], sources: [{ ip: '11.0.0.1' }] }])({}))).toBeUndefined()
    expect(nameOf(routerOf([{ name: 'port', paths: ['/'], destinations: [{ port: 8443 }] }])({ port: 8443 }))).toBe('port')
  })

  it('decides between routes that rank alike by the ids under which their paths take part', () => {
    const three = { name: 'three', id: '00000000-0000-4000-8000-000000000003', paths: ['/same', '/longer'] }
    const four = { name: 'four', id: '00000000-0000-4000-8000-000000000004', paths: ['/same', '/longer'] }
    // The first part of `three` takes part as e5fde476-…, that of `four` as 2eb98c66-…
    expect(nameOf(routerOf([three, four])({ path: '/same' }))).toBe('three')
    const [threeAlone, fourAlone] = [
      { ...three, paths: ['/same'] },
      { ...four, paths: ['/same'] },
    ]
    expect(nameOf(routerOf([threeAlone, fourAlone])({ path: '/same' }))).toBe('four')
  })

  it('matches header values without case, and expressions after ~*', () => {
    const ask = routerOf([
      { name: 'list', headers: { 'x-v': ['one', 'two'] } },
      { name: 'regex', headers: { 'x-w': ['~*^b\\d+$'] } },
    ])
    expect(nameOf(ask({ headers: { 'x-v': 'TWO' } }))).toBe('list')
    expect(nameOf(ask({ headers: { 'x-w': 'B12' } }))).toBe('regex')
    expect(nameOf(ask({ headers: { 'x-w': 'b' } }))).toBeUndefined()
  })

  it('looks at no protocol: what a request of another one gets is decided after the match', () => {
    const ask = routerOf([
      { name: 'secure', paths: ['/s'], protocols: ['https'] },
      { name: 'open', paths: ['/o'], protocols: ['http'] },
    ])
    expect(nameOf(ask({ path: '/s' }))).toBe('secure')
    expect(nameOf(ask({ path: '/o', scheme: 'https' }))).toBe('open')
    expect(nameOf(routerOf([{ name: 'stream', sources: [{ port: 40_000 }], protocols: ['tcp'] }])({}))).toBeUndefined()
  })

  it('looks at server names on TLS connections alone', () => {
    const ask = routerOf([{ name: 'sni', snis: ['a.test.'] }])
    expect(nameOf(ask({ scheme: 'https', serverName: 'a.test' }))).toBe('sni')
    expect(nameOf(ask({ scheme: 'https', serverName: 'b.test' }))).toBeUndefined()
    expect(nameOf(ask({}))).toBe('sni')
    const wild = routerOf([
      { name: 'end', snis: ['*.b.test'] },
      { name: 'start', snis: ['c.*'] },
    ])
    expect(nameOf(wild({ scheme: 'https', serverName: 'x.b.test' }))).toBe('end')
    expect(nameOf(wild({ scheme: 'https', serverName: 'c.org' }))).toBe('start')
  })

  it('has captures only when a group took part', () => {
    const ask = routerOf([
      { name: 'none', paths: ['~/n/[a-z]+$'] },
      { name: 'maybe', paths: ['~/m/(x)?$'] },
    ])
    expect(ask({ path: '/n/abc' })?.captures).toBeUndefined()
    expect(ask({ path: '/m/' })?.captures).toBeUndefined()
    expect(ask({ path: '/m/x' })?.captures?.unnamed).toEqual(['/m/x', 'x'])
  })

  it('binds only the first of alternatives to the start', () => {
    const ask = routerOf([{ name: 'either', paths: ['~/a|/b$'] }])
    expect(nameOf(ask({ path: '/x/b' }))).toBe('either')
    expect(nameOf(ask({ path: '/x/a' }))).toBeUndefined()
  })

  it('tells the part of the path that strip_path cuts off', () => {
    const ask = routerOf([
      { name: 'strip', paths: ['/s'] },
      { name: 'keep', paths: ['/k'], strip_path: false },
    ])
    expect(ask({ path: '/s/x' })?.prefix).toBe('/s')
    expect(ask({ path: '/k/x' })?.prefix).toBeUndefined()
  })

  it('has no route for a path that is no UTF-8', () => {
    const ask = routerOf([{ name: 'root', paths: ['/'] }])
    expect(ask({ path: '/\xff\xfe' })).toBeUndefined()
    expect(nameOf(ask({ path: '/caf\xc3\xa9' }))).toBe('root')
  })
})
