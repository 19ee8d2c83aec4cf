import { describe, expect, it } from 'vitest'
import { createMockPdk } from '../../src/index.js'

describe('a request as Kong sees it', () => {
  it('has its path decoded, but for reserved characters, and its dots resolved', async () => {
    const { kong } = createMockPdk({ request: { url: '/a%20b/./c/../d%2Fe//f?x=%2F' } })
    expect(await kong.request.getPath()).toBe('/a b/d%2Fe/f')
    expect(await kong.request.getRawPath()).toBe('/a%20b/./c/../d%2Fe//f')
    expect(await kong.request.getPathWithQuery()).toBe('/a%20b/./c/../d%2Fe//f?x=%2F')
  })

  it('gives true for an argument without a value, and a list for a repeated one', async () => {
    const { kong } = createMockPdk({ request: { url: '/?a&b=&c=1&c&c=+%2B' } })
    expect(await kong.request.getQuery()).toEqual({ a: [], b: [''], c: ['1', true, ' +'] })
    expect(await kong.request.getQueryArg('c')).toBe('1')
  })

  it('stops after a hundred arguments and headers', async () => {
    const query = Array.from({ length: 150 }, (_, index) => `a${index}=1`).join('&')
    const { kong } = createMockPdk({ request: { url: `/?${query}` } })
    expect(Object.keys(await kong.request.getQuery())).toHaveLength(100)
    expect(Object.keys(await kong.request.getQuery(120))).toHaveLength(120)
    expect(await kong.request.getQueryArg('a100')).toBeUndefined()
  })

  it('knows a header by any case, and with _ for -', async () => {
    const { kong } = createMockPdk({ request: { headers: { 'X-My-Header': 'v' } } })
    expect([await kong.request.getHeader('x-my-header'), await kong.request.getHeader('X_MY_HEADER')]).toEqual(['v', 'v'])
  })

  it('has members called __proto__ like any other', async () => {
    const { kong } = createMockPdk({ request: { url: '/?__proto__=1&constructor=2', headers: [['__proto__', 'h']] } })
    const query = await kong.request.getQuery()
    expect(Object.entries(query)).toEqual([
      ['__proto__', ['1']],
      ['constructor', ['2']],
    ])
    await kong.ctx.shared.set('__proto__', { polluted: true })
    expect(await kong.ctx.shared.get('__proto__')).toEqual({ polluted: true })
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('has its body in a file when what is left after the first packet is a quarter larger than the buffer', async () => {
    const read = async (length: number): Promise<unknown> => {
      const { kong } = createMockPdk({
        request: { method: 'POST', body: 'x'.repeat(length) },
        node: { settings: { clientBodyBufferSize: 8192 } },
      })
      expect(await kong.request.getRawBody()).toHaveLength(length)
      return kong.nginx.getVar('request_body_file')
    }
    expect(await read(10241)).toBeUndefined()
    expect(await read(12000)).toEqual(expect.any(String))
  })
})

describe('the request to the service', () => {
  it('has Host and Content-Length set by what the plugin sets', async () => {
    const { kong, pdkCalls } = createMockPdk({ request: { method: 'POST', body: 'old' } })
    await kong.service.request.setRawBody('newer')
    expect(await kong.request.getHeader('content-length')).toBe('5')
    expect(pdkCalls).toHaveLength(2)
  })

  it('takes its query from what set_query sorts', async () => {
    const { kong } = createMockPdk({ request: { url: '/?z=9' } })
    await kong.service.request.setQuery({ b: ['2', true], a: 'x y', c: false })
    expect(await kong.request.getRawQuery()).toBe('&a=x%20y&b=2&b')
  })

  it('keeps bytes that are no UTF-8 when clear_query_arg writes the rest anew', async () => {
    const { kong } = createMockPdk({ request: { url: '/?a=%FF&b=x+y&&c&d=*~' } })
    await kong.service.request.clearQueryArg('b')
    expect(await kong.request.getRawQuery()).toBe('a=%FF&c=&d=*%7E')
  })

  it('shows in rewrite and access what was set before', async () => {
    const { kong } = createMockPdk()
    await kong.service.request.setHeader('X-A', '1')
    await kong.service.request.addHeader('x-a', '2')
    expect(await kong.request.getHeader('x-a')).toBe('1')
    expect((await kong.request.getHeaders())['x-a']).toEqual(['1', '2'])
    await kong.service.request.clearHeader('X-A')
    expect(await kong.request.getHeader('x-a')).toBeUndefined()
  })
})

describe("Kong's answers", () => {
  it('carry bytes that are no UTF-8 to the plugin and back', async () => {
    const bytes = new Uint8Array([0, 1, 0xff, 0xfe])
    const { kong } = createMockPdk({ request: { method: 'POST', body: bytes } })
    expect(new Uint8Array(await kong.request.getRawBody())).toEqual(bytes)
  })

  it('lose null members, and empty tables become lists', async () => {
    const { kong } = createMockPdk()
    await kong.ctx.shared.set('a', { kept: 1, gone: null, empty: {} })
    expect(await kong.ctx.shared.get('a')).toEqual({ kept: 1, empty: [] })
  })
})
