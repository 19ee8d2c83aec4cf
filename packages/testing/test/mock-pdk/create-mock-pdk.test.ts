import { describe, expect, it } from 'vitest'
import type { PDK } from '@kong-ts/core'
import { createMockPdk } from '../../src/index.js'

async function handler(kong: PDK): Promise<void> {
  if ((await kong.request.getHeader('x-a')) === '1') await kong.response.setHeader('x-b', '2')
}

describe('a mock PDK', () => {
  it('answers as Kong would in the request it stands in', async () => {
    const { kong } = createMockPdk({
      request: { method: 'POST', url: 'https://example.com/a%20b?c=1&c=2', headers: { 'X-A': ['1', '2'] }, body: { n: 1 } },
    })
    expect(await kong.request.getMethod()).toBe('POST')
    expect(await kong.request.getScheme()).toBe('https')
    expect(await kong.request.getHost()).toBe('example.com')
    expect(await kong.request.getPath()).toBe('/a b')
    expect(await kong.request.getRawPath()).toBe('/a%20b')
    expect(await kong.request.getQueryArg('c')).toBe('1')
    expect(await kong.request.getHeader('x_a')).toBe('1')
    expect(await kong.request.getBody()).toEqual({ n: 1 })
  })

  it('keeps what was set', async () => {
    const { kong } = createMockPdk()
    await kong.ctx.shared.set('a', { deep: ['é', true] })
    await kong.response.setHeader('X-A', '1')
    expect(await kong.ctx.shared.get('a')).toEqual({ deep: ['é', true] })
    expect(await kong.raw('kong.nginx.get_subsystem')).toBe('http')
  })

  it.each([
    ['response', { phase: 'response' as const }],
    ['log', { phase: 'log' as const }],
  ])("stands in %s with the service's answer", async (_, at) => {
    const { kong } = createMockPdk({ ...at, upstream: { status: 418, headers: { 'X-Pot': 'tea' } } })
    expect(await kong.response.getStatus()).toBe(418)
    expect(await kong.response.getHeader('x-pot')).toBe('tea')
    expect(await kong.response.getSource()).toBe('service')
  })

  it('fails in a phase that Kong does not allow', async () => {
    const { kong } = createMockPdk({ phase: 'log' })
    await expect(kong.response.setHeader('a', 'b')).rejects.toThrow(/kong\.response\.set_header/)
  })

  it('stands in a connection that is no HTTP', async () => {
    const { kong } = createMockPdk({ phase: 'preread' })
    expect(await kong.nginx.getSubsystem()).toBe('stream')
    await expect(kong.response.exit(404)).rejects.toThrow()
    await expect(kong.request.getPath()).rejects.toThrow(/kong\.request\.get_path/)
  })

  it('never answers an exit', async () => {
    const mock = createMockPdk()
    await expect(mock.kong.response.exit(200)).rejects.toThrow()
    expect(mock.pdkCalls).toEqual([{ phase: 'access', method: 'kong.response.exit', args: [200], outcome: 'final', result: undefined }])
  })

  it('says which request it cannot stand in', () => {
    expect(() => createMockPdk({ route: null })).toThrow(/access phase/)
    expect(() => createMockPdk({ request: { url: 'a' } })).toThrow('"a" is not a request URL: start it with / or http://')
  })

  it('is answered by stubs', async () => {
    const mock = createMockPdk().stub('kong.request.get_header', (name: unknown) => (name === 'x-a' ? '1' : undefined))
    await handler(mock.kong)
    expect(mock.pdkCalls.map(({ method, args, result }) => [method, args, result])).toEqual([
      ['kong.request.get_header', ['x-a'], '1'],
      ['kong.response.set_header', ['x-b', '2'], undefined],
    ])
  })
})

describe('expected calls', () => {
  it('are done when they came', async () => {
    const mock = createMockPdk({ request: { headers: { 'x-a': '1' } } })
    mock.expectCall('kong.request.get_header')
    mock
      .expectCall('kong.response.set_header')
      .with('x-b', (value: unknown) => Number(value) > 1)
      .times(1)
    mock.expectCall('kong.response.exit').times(0)
    await handler(mock.kong)
    expect(() => mock.assertDone()).not.toThrow()
  })

  it('are listed with what came instead', async () => {
    const mock = createMockPdk()
    mock.expectCall('kong.request.get_header').with('x-a')
    mock.expectCall('kong.response.set_header').with('x-b', '2').times(1)
    await handler(mock.kong)
    expect(() => mock.assertDone()).toThrow(
      [
        'expected PDK calls were not made:',
        '    expected call                         wanted      seen',
        '--  ------------------------------------  ----------  ----',
        'ok  kong.request.get_header("x-a")        at least 1  1',
        '!!  kong.response.set_header("x-b", "2")  1           0',
        '',
        'phase   call                            answer',
        '------  ------------------------------  ------',
        'access  kong.request.get_header("x-a")  nil',
      ].join('\n'),
    )
  })

  it('count each call once', async () => {
    const mock = createMockPdk()
    mock.expectCall('kong.request.get_header').times(1)
    mock.expectCall('kong.request.get_header').with('x-b').times(1)
    await mock.kong.request.getHeader('x-a')
    await mock.kong.request.getHeader('x-b')
    expect(() => mock.assertDone()).not.toThrow()
    await mock.kong.request.getHeader('x-c')
    expect(() => mock.assertDone()).toThrow(/get_header\(…\) {6}1 {7}2/)
  })

  it('want a count', () => {
    expect(() => createMockPdk().expectCall('kong.request.get_header').times(-1)).toThrow('times(-1) is not a count')
  })
})
