import { describe, expect, it } from 'vitest'
import { createDeclarativeConfig } from '../../src/gateway/entities/declarative-config.js'
import { createRouter } from '../../src/gateway/router/router.js'
import type { RouteQuestion } from '../../src/kong/index.js'

interface Asked {
  readonly path?: string
  readonly host?: string
  readonly method?: string
  readonly scheme?: 'http' | 'https'
  readonly serverName?: string
  readonly headers?: Readonly<Record<string, string>>
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
    expect(nameOf(ask({ host: 'Y.Z.A.test' }))).toBe('wild')
    expect(nameOf(ask({ host: 'a.test' }))).toBeUndefined()
    expect(nameOf(ask({ host: 'b.org' }))).toBe('end')
    expect(nameOf(ask({ host: 'c.test:81' }))).toBe('port')
    expect(nameOf(ask({ host: 'c.test' }))).toBeUndefined()
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

  it('gives a route for https alone to http requests too, never one for http alone to https', () => {
    const ask = routerOf([
      { name: 'secure', paths: ['/s'], protocols: ['https'] },
      { name: 'open', paths: ['/o'], protocols: ['http'] },
    ])
    expect(nameOf(ask({ path: '/s' }))).toBe('secure')
    expect(nameOf(ask({ path: '/o', scheme: 'https' }))).toBeUndefined()
  })

  it('looks at server names on TLS connections alone', () => {
    const ask = routerOf([{ name: 'sni', snis: ['a.test.'] }])
    expect(nameOf(ask({ scheme: 'https', serverName: 'A.test' }))).toBe('sni')
    expect(nameOf(ask({ scheme: 'https', serverName: 'b.test' }))).toBeUndefined()
    expect(nameOf(ask({}))).toBe('sni')
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
