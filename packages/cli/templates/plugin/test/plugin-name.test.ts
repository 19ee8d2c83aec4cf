import { describe, expect, it } from 'vitest'
import { createPluginTest } from '@kong-ts/testing'
import { PluginClass } from '../src/plugin-name.js'

describe('plugin-name', () => {
  const test = createPluginTest(PluginClass, { config: { header: 'x-api-key' } })

  it('lets a request with the header pass', async () => {
    const result = await test.request({ url: '/', headers: { 'x-api-key': '1' } }).run()
    expect(result.response?.status).toBe(200)
    expect(result.response?.header('x-plugin-name')).toBe('passed')
  })

  it('keeps others away from the service', async () => {
    const result = await test.request({ url: '/' }).run()
    expect(result.response?.status).toBe(401)
    expect(result.serviceRequest).toBeUndefined()
  })
})
