import { describe, expect, it } from 'vitest'
import { Access, Plugin, type PDK } from '@kong-ts/core'
import { createMockPdk, createPluginTest, pluginTestMatchers, rawPdkMethod } from '../../src/index.js'
import '../../src/vitest.js'
import { Guard } from './guard-plugin.js'

const refused = createPluginTest(Guard).request({ url: '/a?b=c' }).run()
const admitted = createPluginTest(Guard)
  .request({ url: '/a?b=c', headers: { 'x-key': 'open sesame' } })
  .run()

/** The message of an expectation that fails. */
function failure(expectation: () => void): string {
  try {
    expectation()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('the expectation passed')
}

describe('matchers in vitest', () => {
  it('pass for what happened', async () => {
    const result = await refused
    expect(result).toHaveStatus(403)
    expect(result).toHaveExited()
    expect(result).toHaveExited(403)
    expect(result).toHaveHeader('X-Why', 'x-key')
    expect(result).toHaveHeader('x-why', /^x-/)
    expect(result).toHaveCalledPdk('kong.request.get_header')
    expect(result).toHaveCalledPdk('kong.request.get_header', 'x-key')
    expect(result).toHaveCalledPdk(
      'kong.response.exit',
      403,
      expect.stringContaining('no entry'),
      expect.objectContaining({ 'X-Why': 'x-key' }),
    )
    expect(result).toHaveCalledPdk('kong.request.get_header', (name: unknown) => name === 'x-key')
    expect(result).toMakeAtMostPdkCalls(8)
    expect(result).toHaveNoHandlerErrors()
    expect(await admitted).toHaveReachedService()
    expect((await admitted).serviceRequest).toHaveHeader('x-rewritten', '/a')
    expect((await admitted).response).toHaveHeader('x-length')
  })

  it('pass, negated, for what did not', async () => {
    expect(await refused).not.toHaveReachedService()
    expect(await refused).not.toHaveStatus(200)
    expect(await refused).not.toHaveExited(401)
    expect(await admitted).not.toHaveExited()
    expect(await admitted).not.toHaveHeader('x-why')
    expect(await admitted).not.toHaveHeader('x-length', '7')
    expect(await refused).not.toHaveCalledPdk('kong.request.get_header', 'x-other')
    expect(await refused).not.toHaveCalledPdk('kong.request.get_header', expect.any(Number))
    expect(await refused).not.toMakeAtMostPdkCalls(7)
  })

  it('tell what happened instead', async () => {
    const result = await refused
    expect(failure(() => expect(result).toHaveStatus(200))).toMatch(
      /^expected status 200, the client got 403\nclient got: 403 \{"message":"no entry"\}\nservice got: no request\nphase +call +answer\n/,
    )
    expect(failure(() => expect(result).toHaveExited(401))).toMatch(
      /^expected the plugin to end the request with status 401\nclient got: 403/,
    )
    expect(failure(() => expect(result).toHaveReachedService())).toMatch(/^expected a request to the service\n/)
    expect(failure(() => expect(result).toHaveHeader('x-why', 'x-lock'))).toMatch(
      /^expected header x-why: x-lock, there is "x-key"\n[^]*X-Why: x-key/,
    )
    expect(failure(() => expect(result).toHaveHeader('x-what'))).toMatch(/^expected header x-what, there is none of this name\n/)
    expect(failure(() => expect(result).toHaveCalledPdk('kong.request.get_body'))).toContain('access   kong.request.get_header("x-key")')
    expect(failure(() => expect(result).toMakeAtMostPdkCalls(7))).toContain('expected at most 7 PDK calls, there were 8')
    expect(failure(() => expect(result).not.toHaveCalledPdk('kong.request.get_header', 'x-key'))).toMatch(
      /^expected no call of kong\.request\.get_header\("x-key"\)\n/,
    )
    expect(failure(() => expect(result).not.toHaveStatus(403))).toMatch(/^expected another status than 403\n/)
    const carried = await admitted
    expect(failure(() => expect(carried).not.toHaveReachedService())).toMatch(/service got: GET \/a\?b=c/)
  })

  it('show why a handler failed', async () => {
    @Plugin('1.0.0', 1)
    class Broken {
      @Access()
      async access(): Promise<void> {
        throw new Error('out of order')
      }
    }
    const result = await createPluginTest(Broken).request().run()
    expect(failure(() => expect(result).toHaveStatus(200))).toMatch(
      /the client got 500\n[^]*access failed: Error: out of order\n +at Broken\.access/,
    )
    expect(failure(() => expect(result).toHaveNoHandlerErrors())).toContain('access failed: Error: out of order')
  })

  it('say what they need', async () => {
    const { response, serviceRequest } = await refused
    expect(failure(() => expect(refused).toHaveStatus(403))).toBe(
      'toHaveStatus needs the result of run(), and got a promise: await it first',
    )
    expect(failure(() => expect(response).toHaveExited())).toBe(
      'toHaveExited needs the result of run(), and got a value of type object: pass it that',
    )
    expect(failure(() => expect(serviceRequest).toHaveHeader('x-a'))).toContain('got undefined: print result.report()')
  })

  it('look at a mock PDK too', async () => {
    const mock = createMockPdk()
    await mock.kong.request.getHeader('x-a')
    expect(mock).toHaveCalledPdk('kong.request.get_header', 'x-a')
    expect(mock).toMakeAtMostPdkCalls(1)
  })

  it('refuse names the PDK does not have', async () => {
    const result = await refused
    // @ts-expect-error there is no such function
    expect(failure(() => expect(result).not.toHaveCalledPdk('kong.request.get_headr'))).toContain('did you mean kong.request.get_header?')
    expect(result).not.toHaveCalledPdk(rawPdkMethod('kong.my.function'))
  })
})

describe('matchers elsewhere', () => {
  it('can be called with nothing but the value', async () => {
    const { toHaveStatus, toHaveCalledPdk } = pluginTestMatchers
    expect(toHaveStatus.call(undefined, await refused, 403).pass).toBe(true)
    expect(toHaveCalledPdk.call(undefined, await refused, 'kong.request.get_header', 'x-key').pass).toBe(true)
    expect(toHaveCalledPdk.call(undefined, await refused, 'kong.request.get_header', 'x-other').message()).toMatch(/^expected a call of/)
  })
})

describe('the report of a run', () => {
  it('shows values that JSON has no form for, and cuts long ones', async () => {
    @Plugin('1.0.0', 1)
    class Odd {
      @Access()
      async access(kong: PDK): Promise<void> {
        await kong.ctx.shared.set('a', [new Map([['b', 'c']]), new Set(['d']), new Uint8Array(3), 'x'.repeat(1000)])
      }
    }
    const report = (await createPluginTest(Odd).request().run()).report()
    expect(report).toContain('kong.ctx.shared.set("a", [{"b":"c"},["d"],"<3 bytes>","xxx')
    expect(Math.max(...report.split('\n').map(({ length }) => length))).toBeLessThan(200)
  })
})
