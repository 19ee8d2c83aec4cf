import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KongTsError, PDK } from '../../src/index.js'
import { PHASES } from '../../src/server.js'
import { ResponseExit } from '../../src/pdk/call/response-exit.js'
import { recordingCarrier } from './recording-carrier.js'
import { ALL_METHODS, typedMethod } from './typed-call.js'

const argument = fc.oneof(
  { weight: 4, arbitrary: fc.anything({ maxDepth: 2, withNullPrototype: true, withBigInt: true, withMap: true, withTypedArray: true }) },
  { weight: 2, arbitrary: fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(undefined), fc.constant(null)) },
  { weight: 1, arbitrary: fc.uint8Array() },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__'), fc.constant('Content-Type')), fc.anything({ maxDepth: 1 })),
  },
)

describe('whatever plain JavaScript passes', () => {
  it('a method answers with a promise, and sends nothing that it refuses', async () => {
    const call = fc.record({
      named: fc.constantFrom(...ALL_METHODS),
      phase: fc.option(fc.constantFrom(...PHASES), { nil: undefined }),
      args: fc.array(argument, { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(call, async ({ named, phase, args }) => {
        const carrier = recordingCarrier()
        const promise = typedMethod(new PDK(carrier.call, { phase }), named.path)(...args)
        expect(promise).toBeInstanceOf(Promise)
        const error: unknown = await promise.then(
          () => undefined,
          (reason: unknown) => reason,
        )
        if (error === undefined || error instanceof ResponseExit) return
        expect(error).toBeInstanceOf(KongTsError)
        expect(carrier.sent.filter(([method]) => method === named.method.name)).toEqual([])
      }),
      { numRuns: 3_000 },
    )
  })

  it('only plain data is sent, and a value without a form in Lua never is, wherever it stands', async () => {
    const withoutForm = fc.constantFrom<() => unknown>(
      () => Promise.resolve('x'),
      () => new URL('http://a.test/'),
      () => new Headers(),
      () => new Error('x'),
      () => /x/,
      () => new Date(0),
      () => Symbol('x'),
      () => 1n,
      () => () => 'x',
    )
    const hidden = fc
      .tuple(withoutForm, fc.array(fc.constantFrom('object', 'array', 'map'), { maxLength: 5 }))
      .map(([make, path]) =>
        path.reduce<unknown>(
          (inner, kind) => (kind === 'array' ? [1, inner] : kind === 'map' ? new Map([['k', inner]]) : { k: inner }),
          make(),
        ),
      )
    const call = fc.record({
      named: fc.constantFrom(...ALL_METHODS),
      args: fc.array(fc.oneof(argument, { weight: 3, arbitrary: hidden }), { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(call, async ({ named, args }) => {
        const carrier = recordingCarrier({ 'kong.request.get_header': 'application/x-www-form-urlencoded' })
        await typedMethod(
          new PDK(carrier.call),
          named.path,
        )(...args).catch((error: unknown) => {
          if (!(error instanceof ResponseExit)) expect(error).toBeInstanceOf(KongTsError)
        })
        for (const [, ...sent] of carrier.sent) expect(sent.every(isPlainData)).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })

  it('nothing that is no text, number, boolean or list of texts passes as a header value', async () => {
    await fc.assert(
      fc.asyncProperty(argument, async (value) => {
        const carrier = recordingCarrier()
        const kong = new PDK(carrier.call, { phase: 'access' })
        await typedMethod(kong, 'response.setHeader')('x-a', value).catch(() => undefined)
        for (const [, , sent] of carrier.sent) {
          const scalar = ['string', 'number', 'boolean'].includes(typeof sent)
          expect(scalar || isTextList(sent) || isObject(sent)).toBe(true)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

/** What every carrier can write. */
function isPlainData(value: unknown): boolean {
  if (value === null || value === undefined || value instanceof Uint8Array) return true
  if (typeof value !== 'object') return ['string', 'number', 'boolean'].includes(typeof value)
  if (Array.isArray(value) || value instanceof Set) return [...value].every(isPlainData)
  if (value instanceof Map) return [...value].every((entry) => entry.every(isPlainData))
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === null || prototype === Object.prototype) && Object.values(value).every(isPlainData)
}

/** Kong reads a list up to its first nil. */
function isTextList(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  const nil = value.findIndex((one) => one === undefined || one === null)
  return value.slice(0, nil < 0 ? value.length : nil).every((one) => typeof one === 'string' || one instanceof Uint8Array)
}

/** Kong takes an object for an empty list. */
function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
