import { describe, expect, it } from 'vitest'
import { Access, Plugin, type PDK } from '@kong-ts/core'
import { createPluginTest, type TestHeaders, type TestResponse } from '../../src/index.js'

@Plugin('1.0.0', 1)
class Quiet {
  @Access()
  async access(_kong: PDK): Promise<void> {}
}

/** The response that a client gets when a service answers with these headers. */
async function proxied(headers: TestHeaders, request: TestHeaders = {}): Promise<TestResponse | undefined> {
  return (await createPluginTest(Quiet).request({ headers: request }).upstream({ headers }).run()).response
}

describe('a proxied response', () => {
  it('loses Trailer, unless the client takes trailers', async () => {
    expect((await proxied({ Trailer: 'X-Sum' }))?.header('trailer')).toBeUndefined()
    expect((await proxied({ Trailer: 'X-Sum' }, { TE: 'trailers' }))?.header('trailer')).toBe('X-Sum')
  })

  it('loses the headers its Connection names', async () => {
    const response = await proxied({ Connection: 'close, X-Hop', 'X-Hop': '1', 'X-End': '2' })
    expect([response?.header('x-hop'), response?.header('x-end')]).toEqual([undefined, '2'])
  })

  it('says by whom it came', async () => {
    expect((await proxied({ Via: '1.0 cache' }))?.header('via')).toBe('1.0 cache, 1.1 kong/3.9.1')
    expect((await proxied({ Server: 'mine' }))?.header('server')).toBe('mine')
  })
})
