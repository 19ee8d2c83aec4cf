import { describe, expect, it } from 'vitest'
import { PDK, PdkArgumentError, PdkPhaseError } from '../../src/index.js'
import { ResponseExit } from '../../src/pdk/call/response-exit.js'
import { IMPOSSIBLE_METHODS, INTERNALS } from '../../src/pdk/methods/raw-call.js'
import { recordingCarrier } from './recording-carrier.js'
import { callTyped } from './typed-call.js'

describe('kong.raw', () => {
  it('calls what is not typed, with nil holes padded', async () => {
    const carrier = recordingCarrier({ 'kong.new.function': 'answer' })
    expect(await new PDK(carrier.call).raw('kong.new.function', 'a', undefined, 'c')).toBe('answer')
    expect(carrier.sent).toEqual([['kong.new.function', 'a', undefined, 'c', false, false]])
  })

  it('checks what is typed, as the typed method does', async () => {
    const carrier = recordingCarrier()
    const kong = new PDK(carrier.call, { phase: 'log' })
    await expect(kong.raw('kong.client.get_ip')).rejects.toBeInstanceOf(PdkPhaseError)
    await expect(kong.raw('kong.request.get_header', 5)).rejects.toBeInstanceOf(PdkArgumentError)
    expect(carrier.sent).toEqual([])
  })

  it('sees a name as Kong does, which skips empty parts', async () => {
    const carrier = recordingCarrier()
    const kong = new PDK(carrier.call, { phase: 'log' })
    await expect(kong.raw('kong..client.get_ip')).rejects.toBeInstanceOf(PdkPhaseError)
    await expect(kong.raw('kong.tracing..start_span.')).rejects.toBeInstanceOf(PdkArgumentError)
    expect(carrier.sent).toEqual([])
  })

  it.each([...IMPOSSIBLE_METHODS, ...INTERNALS])('refuses $name and what is below it: it $reason', async ({ name, reason }) => {
    const carrier = recordingCarrier()
    const kong = new PDK(carrier.call)
    await expect(callTyped(kong, 'raw', [name])).rejects.toThrow(reason)
    await expect(callTyped(kong, 'raw', [`${name}.x`])).rejects.toThrow(reason)
    expect(carrier.sent).toEqual([])
  })

  it.each(['kong', 'kong.', '', 'kong.request', 'kong.service.request', 'kong.table', 'kong.request.get_path.x', 5, null, Symbol('x')])(
    'refuses %s, on which Kong raises',
    async (name) => {
      const carrier = recordingCarrier()
      await expect(callTyped(new PDK(carrier.call), 'raw', [name])).rejects.toBeInstanceOf(PdkArgumentError)
      expect(carrier.sent).toEqual([])
    },
  )

  it('takes only plain data, also for what is not typed', async () => {
    const carrier = recordingCarrier()
    const refused = new PDK(carrier.call).raw('kong.new.function', 'a', { path: Promise.resolve('/') })
    await expect(refused).rejects.toMatchObject({
      message: 'kong.new.function was not called: argument 2 has a member "path" that is a promise: did you forget await?',
    })
    expect(carrier.sent).toEqual([])
  })

  it('never returns from a call that ends the request', async () => {
    await expect(new PDK(recordingCarrier().call).raw('kong.response.exit', 403)).rejects.toBeInstanceOf(ResponseExit)
  })
})
