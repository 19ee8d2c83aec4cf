import { describe, expect, it } from 'vitest'
import { createPluginTest, pluginTestMatchers } from '../../src/index.js'
import { Guard } from './guard-plugin.js'

describe('the matchers', () => {
  const result = createPluginTest(Guard).request().run()

  it('pass for what happened', async () => {
    const { toHaveStatus, toHaveCalledPdk, toMakeAtMostPdkCalls, toHaveNoHandlerErrors } = pluginTestMatchers
    const done = await result
    const passes = [
      toHaveStatus(done, 403),
      toHaveCalledPdk(done, 'kong.request.get_header'),
      toHaveCalledPdk(done, 'kong.request.get_header', 'x-key'),
      toMakeAtMostPdkCalls(done, 8),
      toHaveNoHandlerErrors(done),
    ]
    expect(passes.map(({ pass }) => pass)).toEqual([true, true, true, true, true])
  })

  it('tell what happened instead', async () => {
    const { toHaveStatus, toHaveCalledPdk, toMakeAtMostPdkCalls } = pluginTestMatchers
    const done = await result
    expect(toHaveStatus(done, 200)).toMatchObject({ pass: false })
    expect(toHaveStatus(done, 200).message()).toBe('expected status 200, the client got 403')
    expect(toHaveCalledPdk(done, 'kong.request.get_header', 'x-other').pass).toBe(false)
    expect(toHaveCalledPdk(done, 'kong.request.get_body').message()).toContain('access   kong.request.get_header("x-key")')
    expect(toMakeAtMostPdkCalls(done, 7).message()).toContain('expected at most 7 PDK calls, there were 8')
  })

  it('extend expect', async () => {
    expect.extend(pluginTestMatchers)
    const extended: { readonly toHaveStatus?: (status: number) => void } = Object(expect(await result))
    expect(() => extended.toHaveStatus?.(403)).not.toThrow()
    expect(() => extended.toHaveStatus?.(200)).toThrow('expected status 200, the client got 403')
  })
})
