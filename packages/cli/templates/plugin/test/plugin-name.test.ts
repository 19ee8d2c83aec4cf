import { afterAll, describe, expect, it } from 'vitest'
import { createScenario, scenarioPlaces } from '@kong-ts/testing'
import '@kong-ts/testing/vitest'
import { PluginClass } from '../src/plugin-name.js'

// In memory, and through the sockets of both protocols; with KONG_TS_TARGET and KONG_TS_ADMIN in a real Kong too.
describe.each(scenarioPlaces())('plugin-name in %s', (place) => {
  const scenario = createScenario(PluginClass, {
    place,
    script: new URL('../dist/main.js', import.meta.url),
    config: { header: 'x-api-key' },
  })
  afterAll(() => scenario.close())

  it('lets a request with the header pass', async () => {
    const result = await scenario.request({ headers: { 'x-api-key': '1' } }).run()
    expect(result).toHaveStatus(200)
    expect(result).toHaveHeader('x-plugin-name', 'passed')
  })

  it('keeps others away from the service', async () => {
    const result = await scenario.request().run()
    expect(result).toHaveExited(401)
    expect(result).not.toHaveReachedService()
  })
})
