import { describe, expect, it } from 'vitest'
import { createPluginTest } from '@kong-ts/testing'
import { RequestGuard } from '../src/request-guard.js'

describe('request-guard', () => {
  const test = createPluginTest(RequestGuard, {
    config: { secret_header: 'x-secret', rules: [{ path: '/admin', action: 'deny' }] },
  })

  it('lets a request with the header pass', async () => {
    const result = await test.request({ url: '/', headers: { 'x-secret': '1' } }).run()
    expect(result.response?.status).toBe(200)
    expect(result.response?.header('x-guarded')).toBe('yes')
    expect(result.pdkCalls.length).toBeLessThan(6)
  })

  it('keeps the others away from the service', async () => {
    const result = await test.request({ url: '/admin', headers: { 'x-secret': '1' } }).run()
    expect(result.response?.status).toBe(403)
    expect(result.serviceRequest).toBeUndefined()
  })
})
