import { afterAll, describe, expect, it } from 'vitest'
import { createScenario, scenarioPlaces } from '@kong-ts/testing'
import '@kong-ts/testing/vitest'
import { RequestGuard } from '../src/request-guard.js'

describe.each(scenarioPlaces())('request-guard in %s', (place) => {
  const scenario = createScenario(RequestGuard, {
    place,
    script: new URL('../dist/main.js', import.meta.url),
    config: { secret_header: 'x-secret', rules: [{ path: '/admin', action: 'deny' }] },
  })
  afterAll(() => scenario.close())

  it('hands a request with the header to the service', async () => {
    const request = scenario.request({ url: '/?a=1', headers: { 'x-secret': '1' } })
    const result = await request.upstream({ status: 201 }).run()
    expect(result).toHaveStatus(201)
    expect(result).toHaveHeader('x-guarded', 'yes')
    expect(result.serviceRequest?.query).toBe('a=1')
  })

  it('keeps the others away from it', async () => {
    const result = await scenario.request({ url: '/admin', headers: { 'x-secret': '1' } }).run()
    expect(result).toHaveExited(403)
    expect(result).not.toHaveReachedService()
  })
})
