import { describe, expect, it } from 'vitest'
import { firstHeader, firstQueryArg, PDK, PdkPhaseError } from '../../src/index.js'
import { recordingCarrier } from './recording-carrier.js'
import { callTyped } from './typed-call.js'

describe('a refused call', () => {
  it('names function, phase and where it may be called', async () => {
    const refused = new PDK(recordingCarrier().call, { phase: 'log' }).client.getIp()
    await expect(refused).rejects.toBeInstanceOf(PdkPhaseError)
    await expect(refused).rejects.toMatchObject({
      code: 'ERR_PDK_PHASE',
      method: 'kong.client.get_ip',
      phase: 'log',
      allowed: ['rewrite', 'access', 'response', 'preread'],
      message:
        'kong.client.get_ip cannot be called in the log phase: call it in rewrite, access, response, preread, and pass what you need on ' +
        'with kong.ctx.shared or take it from kong.log.serialize()',
    })
  })

  it('names function, argument and rule, but not the value', async () => {
    const refused = callTyped(new PDK(recordingCarrier().call), 'response.setHeader', ['Authorization', [{ token: 'secret' }]])
    await expect(refused).rejects.toMatchObject({
      code: 'ERR_PDK_ARGUMENT',
      method: 'kong.response.set_header',
      argument: 'value',
      message: expect.not.stringContaining('secret'),
    })
  })

  it("has the plugin's own line in its stack", async () => {
    async function handler(kong: PDK) {
      await callTyped(kong, 'response.setHeader', ['x-a', Symbol('x')])
    }
    const error: unknown = await handler(new PDK(recordingCarrier().call)).catch((reason: unknown) => reason)
    expect(error instanceof Error ? error.stack : '').toMatch(/at handler .*channel\.test\.ts/)
  })

  it('tells of the phase first, when both are wrong', async () => {
    const kong = new PDK(recordingCarrier().call, { phase: 'log' })
    await expect(callTyped(kong, 'response.setHeader', [])).rejects.toBeInstanceOf(PdkPhaseError)
    await expect(callTyped(kong, 'response.exit', [200, { a: NaN }])).rejects.toBeInstanceOf(PdkPhaseError)
  })

  it('is handed to the carrier, so that nobody has to await it', async () => {
    const told: Promise<unknown>[] = []
    const refused = (promise: Promise<unknown>) => {
      told.push(promise)
      promise.catch(() => undefined)
    }
    const kong = new PDK(recordingCarrier().call, { phase: 'log', refused })
    const unhandled: unknown[] = []
    const listener = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', listener)
    void kong.client.getIp()
    void callTyped(kong, 'request.getHeaders', [0]).catch(() => undefined)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
    const outcomes = await Promise.allSettled(told)
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    expect(outcomes[0]).toMatchObject({ reason: expect.any(PdkPhaseError) })
  })
})

describe('a call', () => {
  it("that needs no conversion gives the carrier's own promise", () => {
    const answer = Promise.resolve('x')
    const kong = new PDK(() => answer, { phase: 'access' })
    expect(kong.request.getHeader('host')).toBe(answer)
    expect(kong.response.setHeader('a', 'b')).toBe(answer)
  })

  it('is made at once, so that calls nobody awaits keep their order', () => {
    const carrier = recordingCarrier()
    const kong = new PDK(carrier.call)
    void kong.response.setHeader('a', '1')
    void kong.response.addHeader('a', '2')
    void kong.response.clearHeader('b')
    expect(carrier.sent.map(([method]) => method.split('.').at(-1))).toEqual(['set_header', 'add_header', 'clear_header'])
  })
})

describe('kong', () => {
  it('gives the same namespace each time, so that it can be kept or spied on', () => {
    const kong = new PDK(recordingCarrier().call)
    expect(kong.request).toBe(kong.request)
    expect(kong.service.request).toBe(kong.service.request)
  })

  it('knows its phase, and a signal that its carrier gives', () => {
    const controller = new AbortController()
    const kong = new PDK(recordingCarrier().call, { phase: 'access', signal: () => controller.signal })
    expect(kong.phase).toBe('access')
    expect(kong.signal).toBe(controller.signal)
    expect(new PDK(recordingCarrier().call).phase).toBeUndefined()
    expect(new PDK(recordingCarrier().call).signal.aborted).toBe(false)
  })
})

describe('multi-maps', () => {
  it('give single values as the functions for one value do', () => {
    const headers = { 'x-multi': ['one', 'two'], 'x-empty': [''], 'x-under': ['u'] }
    expect(firstHeader(headers, 'X-Multi')).toBe('one')
    expect(firstHeader(headers, 'x_under')).toBe('u')
    expect(firstHeader(headers, 'x-empty')).toBe('')
    expect(firstHeader(headers, 'x-none')).toBeUndefined()
    const query = { a: ['1', '2'], bare: [], empty: [''], twice: [true, '1'] as const }
    expect(firstQueryArg(query, 'a')).toBe('1')
    expect(firstQueryArg(query, 'bare')).toBe(true)
    expect(firstQueryArg(query, 'empty')).toBe('')
    expect(firstQueryArg(query, 'twice')).toBe(true)
    expect(firstQueryArg(query, 'none')).toBeUndefined()
  })

  it('know no names that nobody sent', () => {
    expect(firstHeader({}, 'constructor')).toBeUndefined()
    expect(firstQueryArg({}, 'constructor')).toBeUndefined()
  })
})

describe('kong.request.getUriCaptures', () => {
  it.each([
    ['MsgPack:1', { unnamed: { 0: '/v1/12', 1: '12' }, named: { id: '12' } }, { unnamed: ['/v1/12', '12'], named: { id: '12' } }],
    ['ProtoBuf:1', { unnamed: ['12'], named: { id: '12' } }, { unnamed: [undefined, '12'], named: { id: '12' } }],
    ['a route without captures', { unnamed: [], named: [] }, { unnamed: [], named: {} }],
    ['a group that took no part', { unnamed: { 0: '/a', 2: 'b' }, named: [] }, { unnamed: ['/a', undefined, 'b'], named: {} }],
    ['nothing', undefined, { unnamed: [], named: {} }],
  ])('has one form, whatever it came as: %s', async (_, sent, captures) => {
    const kong = new PDK(recordingCarrier({ 'kong.request.get_uri_captures': sent }).call)
    expect(await kong.request.getUriCaptures()).toEqual(captures)
  })
})
