import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PDK, PdkArgumentError, PdkBodyError } from '../../src/index.js'
import { recordingCarrier } from './recording-carrier.js'

function requestWith(body: Uint8Array | undefined, encoding?: string) {
  const carrier = recordingCarrier({ 'kong.request.get_raw_body': body, 'kong.request.get_header': encoding })
  return { sent: carrier.sent, kong: new PDK(carrier.call, { phase: 'access' }) }
}

const utf8 = (text: string) => new TextEncoder().encode(text)

describe('the body helpers of kong.request', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('undo %s', async (encoding, compress) => {
    const { kong } = requestWith(compress('{"a":[]}'), encoding)
    expect(await kong.request.json()).toEqual({ a: [] })
    expect(await kong.request.text()).toBe('{"a":[]}')
    expect(await kong.request.bytes()).toEqual(Buffer.from('{"a":[]}'))
  })

  it('undo deflate that was sent without its header', async () => {
    const { kong } = requestWith(deflateRawSync('hello'), 'deflate')
    expect(await kong.request.text()).toBe('hello')
  })

  it('undo several encodings, last applied first', async () => {
    const { kong } = requestWith(brotliCompressSync(gzipSync('hello')), 'gzip, br')
    expect(await kong.request.text()).toBe('hello')
  })

  it('undo no endless list of encodings', async () => {
    const { kong } = requestWith(utf8('x'), Array(100).fill('gzip').join())
    await expect(kong.request.text()).rejects.toThrow(/more than 4 content encodings/)
  })

  it('give back what was sent, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.constantFrom('gzip', 'deflate', 'br', 'identity', undefined), async (bytes, encoding) => {
        const compress = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, identity: Buffer.from }[encoding ?? 'identity']
        expect(Buffer.from(await requestWith(compress(bytes), encoding).kong.request.bytes())).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('refuse a compressed body that is larger than the limit once it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000))
    expect(bomb.length).toBeLessThan(2_000)
    await expect(requestWith(bomb, 'gzip').kong.request.bytes({ limit: 10_000 })).rejects.toThrow(/larger than 10000 bytes/)
    await expect(requestWith(bomb, 'gzip').kong.request.bytes({ limit: 1_000_000 })).resolves.toHaveLength(1_000_000)
  })

  it('refuse a plain body that is larger than the limit', async () => {
    await expect(requestWith(utf8('12345')).kong.request.text({ limit: 4 })).rejects.toBeInstanceOf(PdkBodyError)
    await expect(requestWith(utf8('1234')).kong.request.text({ limit: 4 })).resolves.toBe('1234')
  })

  it('say which encoding is not known, and which is broken', async () => {
    await expect(requestWith(utf8('x'), 'zstd').kong.request.text()).rejects.toThrow(/"zstd" is not known/)
    await expect(requestWith(utf8('x'), 'gzip').kong.request.text()).rejects.toThrow(/not valid gzip/)
  })

  it('say that a body is no JSON, without quoting it', async () => {
    await expect(requestWith(utf8('secret')).kong.request.json()).rejects.toMatchObject({
      code: 'ERR_PDK_CALL',
      message: expect.not.stringContaining('secret'),
    })
  })

  it('give nothing for no body', async () => {
    expect(await requestWith(undefined).kong.request.json()).toBeUndefined()
    expect(await requestWith(undefined).kong.request.text()).toBe('')
  })

  it('keep a member called __proto__ as data', async () => {
    const value = await requestWith(utf8('{"__proto__":{"admin":true}}')).kong.request.json()
    expect(Object.keys(value ?? {})).toEqual(['__proto__'])
    expect(Reflect.get({}, 'admin')).toBeUndefined()
  })
})

describe('trap 7, bodies that nginx wrote to a file', () => {
  it('are read back by Kong 3.8 and newer, for which the limit 0 is sent', async () => {
    const { kong, sent } = requestWith(utf8('large'))
    expect(await kong.request.getRawBody()).toEqual(utf8('large'))
    expect(sent).toEqual([['kong.request.get_raw_body', 0]])
  })

  it('meet a limit here and not in Kong, which would raise', async () => {
    const { kong, sent } = requestWith(utf8('12345'))
    await expect(kong.request.getRawBody(4)).rejects.toThrow(/larger than 4 bytes/)
    await expect(kong.request.getRawBody(5)).resolves.toHaveLength(5)
    expect(sent.every(([, limit]) => limit === 0)).toBe(true)
  })
})

describe('kong.service.response', () => {
  it('trap 8, empty headers: getHeaders asks for the headers of the response', async () => {
    const carrier = recordingCarrier({ 'kong.response.get_headers': { 'x-upstream': ['yes'] } })
    const kong = new PDK(carrier.call, { phase: 'response' })
    expect(await kong.service.response.getHeaders()).toEqual({ 'x-upstream': ['yes'] })
    expect(carrier.sent).toEqual([['kong.response.get_headers']])
  })

  it('undoes compression too', async () => {
    const answers = { 'kong.service.response.get_raw_body': gzipSync('{"a":1}'), 'kong.service.response.get_header': 'gzip' }
    const kong = new PDK(recordingCarrier(answers).call, { phase: 'response' })
    expect(await kong.service.response.json()).toEqual({ a: 1 })
  })

  it('has an empty body where Kong answers nothing', async () => {
    const kong = new PDK(recordingCarrier().call, { phase: 'response' })
    expect(await kong.service.response.getRawBody()).toEqual(new Uint8Array())
  })
})

describe('kong.service.request', () => {
  function accessPdk(answers: Readonly<Record<string, unknown>> = {}) {
    const carrier = recordingCarrier(answers)
    return { sent: carrier.sent, kong: new PDK(carrier.call, { phase: 'access' }) }
  }

  it('trap 10, JSON in Lua: setBody writes JSON here', async () => {
    const { kong, sent } = accessPdk()
    expect(await kong.service.request.setBody({ list: [], map: {}, nothing: null }, 'application/json; charset=x')).toBe(true)
    expect(sent).toEqual([
      ['kong.service.request.set_raw_body', '{"list":[],"map":{},"nothing":null}'],
      ['kong.service.request.set_header', 'Content-Type', 'application/json; charset=x'],
    ])
  })

  it("asks for the request's type when none is given, and refuses what Kong cannot write", async () => {
    const form = accessPdk({ 'kong.request.get_header': 'application/x-www-form-urlencoded', 'kong.service.request.set_body': true })
    expect(await form.kong.service.request.setBody({ a: '1' })).toBe(true)
    expect(form.sent.at(-1)).toEqual(['kong.service.request.set_body', { a: '1' }, 'application/x-www-form-urlencoded'])
    const text = accessPdk({ 'kong.request.get_header': 'text/plain' })
    await expect(text.kong.service.request.setBody({ a: '1' })).rejects.toBeInstanceOf(PdkArgumentError)
    expect(await accessPdk().kong.service.request.setBody({ a: '1' })).toBeUndefined()
  })

  it('refuses a boundary with one quote, on which Kong raises', async () => {
    const { kong, sent } = accessPdk()
    await expect(kong.service.request.setBody({ a: '1' }, 'multipart/form-data; boundary="x')).rejects.toBeInstanceOf(PdkArgumentError)
    expect(sent).toEqual([])
    await kong.service.request.setBody({ a: '1' }, 'multipart/form-data; boundary="x"')
    expect(sent).toHaveLength(1)
  })

  it('sets JSON with its content type', async () => {
    const { kong, sent } = accessPdk()
    await kong.service.request.setJson([])
    expect(sent).toEqual([
      ['kong.service.request.set_raw_body', '[]'],
      ['kong.service.request.set_header', 'Content-Type', 'application/json; charset=utf-8'],
    ])
  })

  it('adds the values of an array one by one, of which Kong would write the address of a Lua table', async () => {
    const { kong, sent } = accessPdk()
    await kong.service.request.addHeader('X-A', ['1', '2'])
    expect(sent).toEqual([
      ['kong.service.request.add_header', 'X-A', '1'],
      ['kong.service.request.add_header', 'X-A', '2'],
    ])
  })

  it('sends one host of an array, of which Kong would write the address of a Lua table', async () => {
    const { kong, sent } = accessPdk()
    await kong.service.request.setHeader('host', ['a.test', 'b.test'])
    await kong.service.request.setHeaders({ 'X-A': ['1', '2'], HOST: ['a.test'] })
    expect(sent).toEqual([
      ['kong.service.request.set_header', 'host', 'a.test'],
      ['kong.service.request.set_headers', { 'X-A': ['1', '2'], HOST: 'a.test' }],
    ])
  })

  it('keeps the order of calls that nobody awaits', async () => {
    const { kong, sent } = accessPdk()
    void kong.service.request.setJson({ a: 1 })
    void kong.service.request.addHeader('X-A', ['1', '2'])
    await kong.service.request.setHeader('X-A', '3')
    expect(sent.map(([method, , value]) => [method.split('.').at(-1), value])).toEqual([
      ['set_raw_body', undefined],
      ['set_header', 'application/json; charset=utf-8'],
      ['add_header', '1'],
      ['add_header', '2'],
      ['set_header', '3'],
    ])
  })
})
