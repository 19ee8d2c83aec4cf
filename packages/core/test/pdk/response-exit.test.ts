import { describe, expect, it } from 'vitest'
import { PDK, PdkArgumentError } from '../../src/index.js'
import { ResponseExit } from '../../src/pdk/call/response-exit.js'
import { recordingCarrier } from './recording-carrier.js'

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' }

function accessPdk() {
  const carrier = recordingCarrier()
  return { sent: carrier.sent, kong: new PDK(carrier.call, { phase: 'access' }) }
}

async function unwound(ending: Promise<unknown>): Promise<void> {
  await expect(ending).rejects.toBeInstanceOf(ResponseExit)
}

describe('kong.response.exit', () => {
  it('never returns: the handler unwinds, finally blocks run, later code does not', async () => {
    const { kong } = accessPdk()
    const ran: string[] = []
    const handler = async () => {
      try {
        await kong.response.exit(403)
        ran.push('later code')
      } finally {
        ran.push('finally')
      }
    }
    await unwound(handler())
    expect(ran).toEqual(['finally'])
  })

  it('is no unhandled rejection when nobody awaits it', async () => {
    const { kong, sent } = accessPdk()
    const unhandled: unknown[] = []
    const listener = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', listener)
    void kong.response.exit(403)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listener)
    expect(sent).toHaveLength(1)
    expect(unhandled).toEqual([])
  })

  it.each([
    ['empty objects', {}, '{}'],
    ['empty arrays', [], '[]'],
    ['null members', { a: null, b: [] }, '{"a":null,"b":[]}'],
    ['a member called __proto__', JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ])('trap 10, JSON in Lua: %s arrive as written', async (_, body, text) => {
    const { kong, sent } = accessPdk()
    await unwound(kong.response.exit(200, body))
    expect(sent).toEqual([['kong.response.exit', 200, text, JSON_TYPE]])
  })

  it('keeps a content type that was given, in any case', async () => {
    const { kong, sent } = accessPdk()
    await unwound(kong.response.exit(400, { a: 1 }, { 'content-TYPE': 'application/problem+json' }))
    expect(sent).toEqual([['kong.response.exit', 400, '{"a":1}', { 'content-TYPE': 'application/problem+json' }]])
  })

  it('sends text and bytes as they are, without a content type', async () => {
    const { kong, sent } = accessPdk()
    const bytes = Uint8Array.of(0, 255)
    await unwound(kong.response.exit(200, 'text'))
    await unwound(kong.response.exit(200, bytes, { 'X-A': ['1', '2'] }))
    expect(sent).toEqual([
      ['kong.response.exit', 200, 'text'],
      ['kong.response.exit', 200, bytes, { 'X-A': ['1', '2'] }],
    ])
  })

  it('trap 6, nil holes: headers arrive without a body', async () => {
    const { kong, sent } = accessPdk()
    await unwound(kong.response.exit(204, undefined, { 'X-A': '1' }))
    expect(sent).toEqual([['kong.response.exit', 204, undefined, { 'X-A': '1' }, false, false]])
  })

  it.each([NaN, 99, 600, Infinity])('refuses the status %d', async (status) => {
    const { kong, sent } = accessPdk()
    await expect(kong.response.exit(status)).rejects.toMatchObject({ code: 'ERR_PDK_ARGUMENT', argument: 'status' })
    expect(sent).toEqual([])
  })

  it.each([
    ['NaN', { a: NaN }],
    ['infinity', [Infinity]],
    ['a big integer', { a: 1n }],
    ['a cycle', cyclic()],
  ])('refuses a body with %s', async (_, body) => {
    const { kong, sent } = accessPdk()
    await expect(Reflect.apply(kong.response.exit, kong.response, [200, body])).rejects.toBeInstanceOf(PdkArgumentError)
    expect(sent).toEqual([])
  })

  it('ends a stream session only with the statuses nginx has for one', async () => {
    const carrier = recordingCarrier()
    const kong = new PDK(carrier.call, { phase: 'preread' })
    await expect(kong.response.exit(429)).rejects.toMatchObject({ argument: 'status' })
    await unwound(kong.response.exit(403))
    expect(carrier.sent).toEqual([['kong.response.exit', 403]])
  })
})

describe('kong.response.error', () => {
  it('never returns', async () => {
    const { kong, sent } = accessPdk()
    await unwound(kong.response.error(404, 'not here'))
    expect(sent).toEqual([['kong.response.error', 404, 'not here']])
  })

  it('pastes an object as JSON written here', async () => {
    const { kong, sent } = accessPdk()
    await unwound(kong.response.error(400, { fields: [] }))
    expect(sent).toEqual([['kong.response.error', 400, '{"fields":[]}']])
  })

  it.each(['text/html; charset=utf-8', 'TEXT/HTML', 'text/csv'])('refuses %s, for which Kong has no template', async (type) => {
    const { kong } = accessPdk()
    await expect(kong.response.error(404, 'x', { 'Content-Type': type })).rejects.toMatchObject({ argument: 'headers' })
  })
})

describe('the body helpers of kong.response', () => {
  it('say what they send', async () => {
    const { kong, sent } = accessPdk()
    await unwound(kong.response.json(200, 'a text'))
    await unwound(kong.response.text(200, 'a text'))
    await unwound(kong.response.bytes(200, Uint8Array.of(1)))
    expect(sent).toEqual([
      ['kong.response.exit', 200, '"a text"', JSON_TYPE],
      ['kong.response.exit', 200, 'a text', { 'Content-Type': 'text/plain; charset=utf-8' }],
      ['kong.response.exit', 200, Uint8Array.of(1), { 'Content-Type': 'application/octet-stream' }],
    ])
  })

  it('trap 21, exit in response: headers that describe the replaced body are removed first', async () => {
    const carrier = recordingCarrier()
    const kong = new PDK(carrier.call, { phase: 'response' })
    await unwound(kong.response.json(200, { replaced: true }))
    expect(carrier.sent.map(([method, first]) => [method, first])).toEqual([
      ['kong.response.clear_header', 'Content-Encoding'],
      ['kong.response.clear_header', 'ETag'],
      ['kong.response.exit', 200],
    ])
  })

  it('remove nothing when they are refused', async () => {
    const carrier = recordingCarrier()
    const kong = new PDK(carrier.call, { phase: 'response' })
    await expect(kong.response.json(1000, {})).rejects.toBeInstanceOf(PdkArgumentError)
    expect(carrier.sent).toEqual([])
  })
})

function cyclic(): object {
  const body: Record<string, unknown> = {}
  body.itself = body
  return body
}
