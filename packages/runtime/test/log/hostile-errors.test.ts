import { describe, expect, it } from 'vitest'
import { createServerLog, type LogFormat } from '@kong-ts/runtime'

/** An error of which a member is not as errors' members are. */
function errorWith(property: string, descriptor: PropertyDescriptor): Error {
  return Object.defineProperty(new Error('strange'), property, { enumerable: true, ...descriptor })
}

function raise(): never {
  throw new Error('not to be read')
}

describe.each<LogFormat>(['text', 'json'])('a record (%s) of what a plugin threw', (format) => {
  it.each<readonly [string, unknown, RegExp]>([
    ['a frozen error', Object.freeze(new Error('strange')), /strange.*at /],
    ['an error with a member that throws', errorWith('response', { get: raise }), /strange.*at /],
    ['an error with a member that no JSON can hold', errorWith('size', { value: 1n }), /strange.*at /],
    ['an error with a member that JSON cannot be made of', errorWith('body', { value: { toJSON: raise } }), /failed/],
    ['an error without a text', errorWith('message', { value: 5 }), /failed/],
    ['an error whose text throws', errorWith('message', { get: raise }), /cannot be read/],
    ['an error whose stack throws', errorWith('stack', { get: raise }), /cannot be read/],
    [
      'something that throws whatever is done to it',
      new Proxy({}, { get: raise, ownKeys: raise, getPrototypeOf: raise }),
      /cannot be read/,
    ],
    ['an error whose text is a client’s, and full of what begins like a position', new Error('file://'.repeat(200_000)), /file:.*at /],
    ['a symbol', Symbol('strange'), /failed/],
    ['a function', raise, /failed/],
    ['nothing', undefined, /failed/],
  ])('%s: is one line', async (_what, err, text) => {
    const lines: string[] = []
    const log = createServerLog({ level: 'info', format, write: (line) => lines.push(line) })
    log.error({ err }, 'handler failed')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/failed.*\n$/)
    expect(lines[0]).toMatch(text)
  })
})

it('a record of an error holds its class, text, code and stack, and nothing of the request that a client hung on it', async () => {
  const lines: string[] = []
  const log = createServerLog({ level: 'info', format: 'json', write: (line) => lines.push(line) })
  const err = Object.assign(new TypeError('no answer', { cause: new Error('refused') }), {
    code: 'ECONNREFUSED',
    config: { headers: { authorization: 'Bearer hunter2' } },
  })
  log.error({ err }, 'handler failed')
  expect(JSON.parse(lines.join(''))).toMatchObject({
    err: {
      type: 'TypeError',
      message: 'no answer: refused',
      code: 'ECONNREFUSED',
      stack: expect.stringContaining('caused by: Error: refused') as string,
    },
  })
  expect(lines.join('')).not.toContain('hunter2')
})
