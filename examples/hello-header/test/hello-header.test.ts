import { afterAll, describe, expect, it } from 'vitest'
import { createScenario, scenarioPlaces } from '@kong-ts/testing'
import '@kong-ts/testing/vitest'
import { HelloHeader } from '../src/hello-header.js'

const script = new URL('../dist/main.js', import.meta.url)

describe.each(scenarioPlaces())('hello-header in %s', (place) => {
  const scenario = createScenario(HelloHeader, { script, place })
  const configured = createScenario(HelloHeader, { script, place, config: { message: 'moin' } })
  afterAll(async () => {
    await scenario.close()
    await configured.close()
  })

  it('greets the host that was asked for', async () => {
    const result = await scenario.request({ url: 'http://kong.test:8000/' }).run()
    expect(result).toHaveHeader('x-hello-from-ts', 'TypeScript says hello to kong.test:8000')
    expect(result).toHaveReachedService()
  })

  it('greets with the configured message', async () => {
    expect(await configured.request().run()).toHaveHeader('x-hello-from-ts', 'TypeScript says moin to localhost')
  })
})
