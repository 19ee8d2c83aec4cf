import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { PDK_METHODS } from '@kong-ts/core/server'
import { type PDK } from '@kong-ts/core'
import { createMockPdk, createPluginTest, rawPdkMethod, type PdkMethodName } from '../../src/index.js'
import { Guard } from '../plugin-test/guard-plugin.js'

const NAMES = Object.values(PDK_METHODS).flatMap((methods) => Object.values(methods).map(({ name }): PdkMethodName => name))

describe('the name of a PDK function in a test', () => {
  it('may be any that kong-ts has, those of Kong Gateway Enterprise among them', () => {
    for (const name of NAMES) expect(() => createMockPdk().stub(name, 1).expectCall(name)).not.toThrow()
  })

  it.each([
    ['kong.log.notic', 'kong.log.notice'],
    ['kong.response.setHeader', 'kong.response.set_header'],
    ['kong.service.request.setRawQuery', 'kong.service.request.set_raw_query'],
    ['request.get_header', 'kong.request.get_header'],
    ['kong.enterpriseEdition.jwe.decode', 'kong.enterprise_edition.jwe.decode'],
    ['kong.vault.gett', 'kong.vault.get'],
  ])('is corrected when it is %s', (misspelt, meant) => {
    const name: string = misspelt
    const told = `${misspelt} is not a PDK function: did you mean ${meant}? For a function that only kong.raw reaches, write rawPdkMethod('${misspelt}')`
    // @ts-expect-error only known names type
    expect(() => createPluginTest(Guard).request().stub(name, 1)).toThrow(told)
    // @ts-expect-error only known names type
    expect(() => createPluginTest(Guard).connection().stub(name, 1)).toThrow(told)
    // @ts-expect-error only known names type
    expect(() => createMockPdk().stub(name, 1)).toThrow(told)
    // @ts-expect-error only known names type
    expect(() => createMockPdk().expectCall(name)).toThrow(told)
  })

  it('gets no guess when nothing is near', () => {
    // @ts-expect-error only known names type
    expect(() => createMockPdk().stub('something.else.altogether', 1)).toThrow('is not a PDK function: see docs/pdk.md for their names')
  })

  it('is never taken when it is none', () => {
    const known: ReadonlySet<string> = new Set(NAMES)
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'kong', 'kong.request', 'kong.request.toString')),
        (name) => {
          fc.pre(!known.has(name))
          // @ts-expect-error only known names type
          expect(() => createMockPdk().expectCall(name)).toThrow('is not a PDK function')
        },
      ),
    )
  })

  it('is taken unchecked when the test says so', async () => {
    const handler = async (kong: PDK): Promise<unknown> => kong.raw('kong.my.function', 1)
    const mock = createMockPdk().stub(rawPdkMethod('kong.my.function'), 'mine')
    mock.expectCall(rawPdkMethod('kong.my.function')).with(1).times(1)
    expect(await handler(mock.kong)).toBe('mine')
    mock.assertDone()
    await expect(handler(createMockPdk().kong)).rejects.toThrow("stub it with .stub(rawPdkMethod('kong.my.function'), …)")
  })
})

describe('expected arguments', () => {
  it('may be asymmetric matchers of the test runner', async () => {
    const mock = createMockPdk()
    mock
      .expectCall('kong.ctx.shared.set')
      .with(expect.any(String), expect.objectContaining({ a: 1 }))
      .times(1)
    await mock.kong.ctx.shared.set('key', { a: 1, b: 2 })
    mock.assertDone()
    mock.expectCall('kong.ctx.shared.set').with(expect.any(Number), 1)
    expect(() => mock.assertDone()).toThrow('!!  kong.ctx.shared.set(Any<Number>, 1)')
  })
})
