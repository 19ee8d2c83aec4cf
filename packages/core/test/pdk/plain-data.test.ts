import { describe, expect, it } from 'vitest'
import { PDK, PdkArgumentError } from '../../src/index.js'
import { recordingCarrier } from './recording-carrier.js'
import { ALL_METHODS, callTyped, typedMethod } from './typed-call.js'

class Account {
  id = 'a'
}

/** A query builder as some libraries have it: it can be awaited, but is not a promise. */
function thenable(): object {
  // oxlint-disable-next-line unicorn/no-thenable -- it is what the test is about
  return Object.create({ then: () => undefined })
}

/** What has no form in Lua, with what the message tells about it. */
const REFUSED: readonly (readonly [name: string, value: unknown, told: string])[] = [
  ['a forgotten await', Promise.resolve('/'), 'a promise: did you forget await?'],
  ['a query builder that is awaited', thenable(), 'a promise: did you forget await?'],
  ['a URL', new URL('http://a.test/'), 'a URL: pass String(url)'],
  ['URLSearchParams', new URLSearchParams('a=1'), 'a URLSearchParams: pass Object.fromEntries(params)'],
  ['headers of fetch', new Headers({ a: '1' }), 'a Headers: pass Object.fromEntries(headers)'],
  ['an error', new TypeError('x'), 'an Error: pass error.message'],
  ['a date', new Date(0), 'a Date: pass date.toISOString()'],
  ['a regular expression', /a/, 'a RegExp: pass regexp.source'],
  ['an instance of a class', new Account(), 'an object of class Account: pass a plain object'],
  ['a buffer', new ArrayBuffer(1), 'binary data: pass it as Uint8Array'],
  ['numbers as bytes', new Uint16Array(1), 'binary data: pass it as Uint8Array'],
  ['a method that was not called', () => 'x', 'a function: did you forget to call it?'],
  ['a symbol', Symbol('x'), 'a symbol: pass a string'],
  ['a bigint', 1n, 'a bigint: pass Number(value)'],
  ['an object of no class that has members', new WeakMap(), 'an object of class WeakMap'],
]

function refusalOf(path: string, args: readonly unknown[]): Promise<unknown> {
  const carrier = recordingCarrier()
  return callTyped(new PDK(carrier.call), path, args).then(
    () => expect.fail('was sent'),
    (error: unknown) => {
      expect(carrier.sent).toEqual([])
      return error
    },
  )
}

describe('an argument of a PDK call', () => {
  it.each(REFUSED)('is never %s', async (_, value, told) => {
    const error = await refusalOf('ctx.shared.set', ['k', value])
    expect(error).toBeInstanceOf(PdkArgumentError)
    expect(error).toMatchObject({ argument: 'v', message: expect.stringContaining(`kong.ctx.shared.set was not called: v is ${told}`) })
  })

  it.each(REFUSED)('never holds %s, however deep', async (_, value, told) => {
    const error = await refusalOf('ctx.shared.set', ['k', { list: [1, new Map([['a', [value]]])] }])
    expect(error).toMatchObject({ rule: expect.stringContaining(`has a member "list.1.a.0" that is ${told}`) })
  })

  it.each(REFUSED.filter(([, value]) => ![Date, URL, Account, WeakMap].some((known) => value instanceof known)))(
    'is never %s, when it becomes JSON',
    async (_, value) => {
      for (const path of ['response.json', 'response.exit', 'response.error']) {
        const error = await refusalOf(path, [400, { user: [value] }])
        expect(error, path).toBeInstanceOf(PdkArgumentError)
      }
      expect(await refusalOf('service.request.setBody', [{ user: value }, 'application/json'])).toMatchObject({ argument: 'args' })
    },
  )

  it('tells of a forgotten await in a JSON body', async () => {
    const error = await refusalOf('response.exit', [200, { user: { name: Promise.resolve('bob') } }])
    expect(error).toMatchObject({ rule: 'has a member "name" that is a promise: did you forget await?' })
    expect(await refusalOf('response.json', [200, new Map([['a', 1]])])).toMatchObject({ rule: 'is a Map: pass Object.fromEntries(map)' })
    expect(await refusalOf('response.json', [200, [new Set([1])]])).toMatchObject({
      rule: 'has a member "0" that is a Set: pass Array.from(set)',
    })
  })

  it('does not contain itself, and is not deeper than 64 levels', async () => {
    const cycle: Record<string, unknown> = {}
    cycle.a = cycle
    cycle.b = [cycle, cycle]
    expect(await refusalOf('ctx.shared.set', ['k', cycle])).toMatchObject({ rule: expect.stringMatching(/^contains itself/) })
    expect(await refusalOf('ctx.shared.set', ['k', nested(65)])).toBeInstanceOf(PdkArgumentError)
    const carrier = recordingCarrier()
    await new PDK(carrier.call).ctx.shared.set('k', nested(64))
    expect(carrier.sent).toHaveLength(1)
  })

  it('is refused and not thrown when a getter in it throws', async () => {
    const hostile = {
      get a() {
        throw new Error('no')
      },
    }
    expect(await refusalOf('ctx.shared.set', ['k', hostile])).toMatchObject({ rule: expect.stringMatching(/^cannot be read/) })
  })

  it('is plain data: text, numbers, booleans, nil, bytes, arrays, sets, objects and maps', async () => {
    const carrier = recordingCarrier()
    const fromKong: unknown = Object.assign(Object.create(Object.create(null)), { id: 'c' })
    const values = ['x', 1, true, null, Uint8Array.of(1), Buffer.from('x'), [1, [undefined]], new Set(['a']), { a: { b: null } }]
    for (const value of [...values, Object.create(null), new Map<unknown, unknown>([['a', 1]]), fromKong]) {
      await new PDK(carrier.call).ctx.shared.set('k', value)
    }
    expect(carrier.sent).toHaveLength(12)
  })

  it('has no map with keys that Lua or JSON could not keep apart', async () => {
    expect(await refusalOf('ctx.shared.set', ['k', new Map([[{}, 1]])])).toBeInstanceOf(PdkArgumentError)
  })

  it.each(ALL_METHODS.filter(({ method }) => method.argumentNames.length > 0 && !method.name.startsWith('kong.log')))(
    'of $path is checked before anything is sent',
    async ({ path }) => {
      const carrier = recordingCarrier()
      const kong = new PDK(carrier.call)
      const forgotten = typedMethod(kong, path)(Promise.resolve('x'))
      await expect(forgotten).rejects.toThrow(/forget await|must be/)
      expect(carrier.sent).toEqual([])
    },
  )
})

describe('a plain object of names and values', () => {
  it.each([
    ['response.setHeaders', [new Map([['a', 'b']])]],
    ['response.exit', [200, 'x', new Map([['a', 'b']])]],
    ['response.json', [200, {}, new Map([['a', 'b']])]],
    ['service.request.setHeaders', [new Map([['a', 'b']])]],
    ['service.request.setQuery', [new Map([['a', 'b']])]],
    ['service.request.setBody', [new Map([['a', 'b']]), 'multipart/form-data']],
  ])('is not a Map: %s', async (path, args) => {
    expect(await refusalOf(path, args)).toMatchObject({ rule: expect.stringContaining('use Object.fromEntries') })
  })

  it('is not the Headers class of fetch', async () => {
    const error = await refusalOf('response.json', [200, {}, new Headers({ a: 'b' })])
    expect(error).toMatchObject({ argument: 'headers', rule: 'is a Headers: pass Object.fromEntries(headers)' })
  })
})

function nested(levels: number): unknown {
  let value: unknown = []
  for (let level = 1; level < levels; level++) value = [value]
  return value
}
