import { describe, expect, it } from 'vitest'
import { Access, Plugin, type PDK, type Phase } from '@kong-ts/core'
import {
  EventRun,
  buildPluginDefinition,
  createPluginContainer,
  startPluginInstance,
  type EventCarrier,
  type PhaseDefinition,
  type PhaseOutcome,
  type PluginInstance,
} from '@kong-ts/core/server'

type Handler = (kong: PDK) => unknown

@Plugin('1.0.0', 1)
class Subject {
  handler: Handler = () => undefined

  @Access()
  run(kong: PDK) {
    return this.handler(kong)
  }
}

/** Kong, as a carrier meets it: answers each call a turn later, except those that end the request and those it is told to keep. */
class RecordedCarrier implements EventCarrier {
  readonly sent: string[] = []
  /** Calls sent and not answered. */
  unanswered = 0
  silentOn: string | undefined
  requestId: unknown = '0f3a'
  readonly event: EventRun
  readonly outcome: Promise<PhaseOutcome>
  ended: (outcome: PhaseOutcome) => void = () => undefined

  constructor(phase: PhaseDefinition) {
    this.outcome = new Promise((resolve) => (this.ended = resolve))
    this.event = new EventRun(phase, this, { askRequestId: true })
  }

  send(method: string, args: readonly unknown[]): void {
    if (args.some((argument) => typeof argument === 'function')) throw new TypeError('cannot be sent')
    const text = `${method.slice('kong.'.length)}(${args.map(String).join(' ')})`
    this.sent.push(text)
    if (method === this.silentOn || method === 'kong.response.exit') return
    this.unanswered++
    setImmediate(() => {
      this.unanswered--
      this.event.answer(method === 'kong.nginx.get_var' ? this.requestId : undefined)
    })
  }
}

async function dispatch(
  handler: Handler,
  change: Partial<PhaseDefinition> = {},
  prepare: (carrier: RecordedCarrier, event: EventRun) => void = () => undefined,
) {
  const definition = buildPluginDefinition(Subject)
  const instance: PluginInstance = await startPluginInstance(definition, '{}', createPluginContainer())
  Reflect.set(instance.plugin, 'handler', handler)
  const carrier = new RecordedCarrier({ phase: 'access', handler: 'run', failOpen: false, timeout: 1000, ...change })
  const { event, sent } = carrier
  prepare(carrier, event)
  event.start(instance)
  const outcome = await carrier.outcome
  return { outcome, sent, event, unanswered: carrier.unanswered }
}

const FAILED = { kind: 'failed', requestId: '0f3a', answeredWith: 500, kongWaits: false }

describe('a phase', () => {
  it('ends when every call is sent and answered, un-awaited ones too, in order', async () => {
    const { outcome, sent } = await dispatch((kong) => {
      void kong.response.setHeader('a', '1')
      void kong.response.setHeader('b', '2')
    })
    expect(outcome).toEqual({ kind: 'finished' })
    expect(sent).toEqual(['response.set_header(a 1)', 'response.set_header(b 2)'])
  })

  it('does not end while Kong has a call that followed an answer which nobody awaited', async () => {
    const { outcome, sent, unanswered } = await dispatch((kong) => {
      void kong.response.setHeader('a', '1').then(() => Promise.all([kong.response.setHeader('b', '2'), kong.response.setHeader('c', '3')]))
    })
    expect(outcome).toEqual({ kind: 'finished' })
    expect(sent).toEqual(['response.set_header(a 1)', 'response.set_header(b 2)', 'response.set_header(c 3)'])
    expect(unanswered).toBe(0)
  })

  it('ends with the exit, awaited or not, and sends nothing after it', async () => {
    const { outcome, sent } = await dispatch((kong) => {
      void kong.response.exit(403)
      void kong.response.setHeader('a', '1').catch(() => undefined)
    })
    expect(outcome).toEqual({ kind: 'exited' })
    expect(sent).toHaveLength(1)
  })

  it.each<readonly [Phase, boolean, readonly string[], object]>([
    ['rewrite', false, ['nginx.get_var(kong_request_id)', expect.stringMatching(/^response.exit\(500/) as string], FAILED],
    ['access', false, ['nginx.get_var(kong_request_id)', expect.stringMatching(/^response.exit\(500/) as string], FAILED],
    ['response', false, ['nginx.get_var(kong_request_id)', expect.stringMatching(/^response.exit\(500/) as string], FAILED],
    ['access', true, ['nginx.get_var(kong_request_id)'], { kind: 'failed', requestId: '0f3a', answeredWith: undefined, kongWaits: true }],
    // Kong raises on these calls here, and in log hands the request's data to the next one.
    ['log', false, [], { kind: 'failed', requestId: undefined, answeredWith: undefined, kongWaits: true }],
    ['certificate', false, [], { kind: 'failed', requestId: undefined, answeredWith: undefined, kongWaits: true }],
    // The connection is closed. nginx has no request id here, and Kong raises on 504.
    ['preread', false, [expect.stringMatching(/^response.exit\(500/) as string], { ...FAILED, requestId: undefined }],
    ['preread', true, [], { kind: 'failed', requestId: undefined, answeredWith: undefined, kongWaits: true }],
  ])(
    '%s whose handler fails (failOpen: %s) asks for the request id and ends the request where it can',
    async (phase, failOpen, calls, expected) => {
      const { outcome, sent } = await dispatch(() => Promise.reject(new Error('no')), { phase, failOpen })
      expect(sent).toEqual(calls)
      expect(outcome).toMatchObject(expected)
    },
  )

  it.each([[undefined], [5], ['two\nlines'], ['x'.repeat(65)]])('names no request by what is no id: %j', async (answer) => {
    const { outcome } = await dispatch(
      () => Promise.reject(new Error('no')),
      {},
      (carrier) => (carrier.requestId = answer),
    )
    expect(outcome).toMatchObject({ requestId: undefined, answeredWith: 500 })
  })

  it('passes its deadline: the signal is aborted and calls that wait are refused', async () => {
    let reason: unknown
    const { outcome, sent } = await dispatch(
      async (kong) => {
        const { signal } = kong
        signal.addEventListener('abort', () => (reason = signal.reason))
        await new Promise(() => undefined)
      },
      { timeout: 10 },
    )
    expect(outcome).toMatchObject({ kind: 'failed', answeredWith: 504 })
    expect(reason).toMatchObject({ code: 'ERR_PHASE_TIMEOUT' })
    expect(sent.at(-1)).toMatch(/^response.exit\(504/)
  })

  it('is lost at once with its event, although the handler goes on', async () => {
    const { outcome, sent, event } = await dispatch(
      () => new Promise(() => undefined),
      { timeout: 0 },
      (_carrier, each) => setImmediate(() => each.lose(new Error('gone'))),
    )
    expect(outcome).toEqual({ kind: 'lost' })
    expect(sent).toEqual([])
    await expect(event.call('kong.request.get_path', [])).rejects.toThrow('gone')
  })

  it('is lost when Kong never answers its last call and the event is given up', async () => {
    const { outcome } = await dispatch(
      (kong) => void kong.response.setHeader('a', '1').catch(() => undefined),
      {},
      (carrier, event) => {
        carrier.silentOn = 'kong.response.set_header'
        setTimeout(() => event.lose(new Error('given up')), 5)
      },
    )
    expect(outcome).toEqual({ kind: 'lost' })
  })

  it('loses only the call that cannot be sent', async () => {
    const { outcome, sent } = await dispatch(async (kong) => {
      await expect(kong.raw('kong.some.thing', () => undefined)).rejects.toThrow('argument 1 is a function')
      await kong.response.setHeader('a', '1')
    })
    expect(outcome).toEqual({ kind: 'finished' })
    expect(sent).toEqual(['response.set_header(a 1)'])
  })

  it('loses each of a great many calls that cannot be sent, and sends the one behind them', async () => {
    const { outcome, sent } = await dispatch(
      (kong) => {
        void kong.response.setHeader('a', '1')
        for (let call = 0; call < 20_000; call++) kong.raw('kong.some.thing', () => undefined).catch(() => undefined)
        void kong.response.setHeader('b', '2')
      },
      { timeout: 0 },
    )
    expect(outcome).toEqual({ kind: 'finished' })
    expect(sent).toEqual(['response.set_header(a 1)', 'response.set_header(b 2)'])
  })

  it('fails with what comes of looking whether the handler returned a promise', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const { outcome } = await dispatch(() => proxy)
    expect(outcome).toMatchObject({ ...FAILED, error: { message: expect.stringContaining('revoked') as string } })
  })

  it('is not left open when the failure cannot be told to Kong', async () => {
    const { outcome } = await dispatch(
      () => Promise.reject(new Error('no')),
      {},
      (carrier) => {
        carrier.send = (method) => {
          if (method === 'kong.response.exit') throw new Error('nowhere to write to')
          setImmediate(() => carrier.event.answer('0f3a'))
        }
      },
    )
    expect(outcome).toMatchObject({
      kind: 'failed',
      answeredWith: undefined,
      kongWaits: false,
      error: { message: expect.stringContaining('nowhere to write to') as string, cause: new Error('no') },
    })
  })

  it('fails when an exit could not be sent and nothing else ended the request, even if the handler swallows it', async () => {
    const { outcome } = await dispatch((kong) => kong.response.exit(99_999).catch(() => undefined))
    expect(outcome).toMatchObject({ ...FAILED, error: { code: 'ERR_PDK_ARGUMENT', method: 'kong.response.exit' } })
  })
})
