import { describe, expect, it } from 'vitest'
import { PDK, PdkArgumentError } from '../../src/index.js'
import { recordingCarrier } from './recording-carrier.js'

const LEVELS = ['log', 'debug', 'info', 'notice', 'warn', 'err', 'crit', 'alert', 'emerg'] as const

describe('kong.log', () => {
  it.each(LEVELS)('%s writes its values as one line, without separators', async (level) => {
    const carrier = recordingCarrier()
    await new PDK(carrier.call, { phase: 'access' }).log[level]('took ', 12, ' ms, ', true)
    expect(carrier.sent).toEqual([[level === 'log' ? 'kong.log' : `kong.log.${level}`, 'took 12 ms, true']])
  })

  it('shows what Kong would write as an address or lose: objects, errors, nil in the middle', async () => {
    const carrier = recordingCarrier()
    const kong = new PDK(carrier.call)
    await kong.log.notice('got ', { a: [1, { b: null }] }, ' and ', undefined, ' and ', Uint8Array.of(111, 107))
    await kong.log.err(new Error('broken'))
    expect(carrier.sent[0]?.[1]).toBe('got { a: [ 1, { b: null } ] } and nil and ok')
    expect(carrier.sent[1]?.[1]).toContain('Error: broken\n    at ')
  })

  it.each([
    [[], ''],
    [[undefined], 'nil'],
    [[null, undefined], 'nilnil'],
  ])('writes nil as Lua prints it, where Kong would raise: %j', async (parts, line) => {
    const carrier = recordingCarrier()
    const kong = new PDK(carrier.call)
    await kong.log.notice(...parts)
    await kong.log.inspect(...parts)
    expect(carrier.sent).toEqual([
      ['kong.log.notice', line],
      ['kong.log.inspect', 'nil'],
    ])
  })

  it('writes a value that cannot be shown, instead of failing', async () => {
    const carrier = recordingCarrier()
    const hostile = new Error('broken')
    Object.defineProperty(hostile, 'stack', {
      get() {
        throw new Error('no stack')
      },
    })
    await new PDK(carrier.call).log.err('failed: ', hostile)
    expect(carrier.sent).toEqual([['kong.log.err', 'failed: [a value that cannot be shown]']])
  })

  it('never ends a process when a line is lost and nobody awaits it', async () => {
    const unhandled: unknown[] = []
    const listener = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', listener)
    const broken = new PDK(() => Promise.reject(new Error('gone')))
    void broken.log.debug('lost')
    void broken.log.inspect(Promise.resolve())
    void broken.log.deprecation('old')
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
    await expect(broken.log.debug('lost')).rejects.toThrow('gone')
    await expect(broken.log.inspect(Promise.resolve())).rejects.toBeInstanceOf(PdkArgumentError)
  })

  it('serialize gives the record as an object, with an empty list of tries and the status of a buffered response as text', async () => {
    const json = '{"request":{"method":"GET"},"tries":{},"upstream_status":200,"mine":[1]}'
    const kong = new PDK(recordingCarrier({ 'kong.log.serialize': json }).call, { phase: 'log' })
    expect(await kong.log.serialize()).toEqual({ request: { method: 'GET' }, tries: [], upstream_status: '200', mine: [1] })
  })

  it('serialize gives nothing where Kong could write no record', async () => {
    expect(await new PDK(recordingCarrier().call, { phase: 'log' }).log.serialize()).toBeUndefined()
  })

  it('setSerializeValue keeps its options when the value is nil (trap 6)', async () => {
    const carrier = recordingCarrier()
    await new PDK(carrier.call, { phase: 'access' }).log.setSerializeValue('a.b', undefined, { mode: 'replace' })
    expect(carrier.sent).toEqual([['kong.log.set_serialize_value', 'a.b', undefined, { mode: 'replace' }, false, false]])
  })
})

describe('what Kong serves in log from the data it saved', () => {
  it('is asked for as in other phases', async () => {
    const answers = {
      'kong.request.get_header': 'gw.test',
      'kong.request.get_headers': { host: ['gw.test'] },
      'kong.response.get_status': 200,
      'kong.response.get_headers': [],
      'kong.ctx.shared.get': 1,
      'kong.nginx.req_start_time': 1.5,
    }
    const kong = new PDK(recordingCarrier(answers).call, { phase: 'log' })
    expect(await kong.request.getHeader('host')).toBe('gw.test')
    expect(await kong.request.getHeaders()).toEqual({ host: ['gw.test'] })
    expect(await kong.response.getStatus()).toBe(200)
    expect(await kong.response.getHeaders()).toEqual({})
    expect(await kong.ctx.shared.get('count')).toBe(1)
    expect(await kong.nginx.reqStartTime()).toBe(1.5)
  })
})
