import 'reflect-metadata'
import { container, inject, injectable, singleton } from 'tsyringe'
import { describe, expect, it } from 'vitest'
import { createAmbientPdk } from '../../src/container/plugin-container.js'
import { KongTsError, PDK, PdkPhaseError } from '../../src/index.js'
import { recordingCarrier } from './recording-carrier.js'

/** A service deep in the graph that outlives events. */
@singleton()
class Audit {
  constructor(@inject(PDK) private readonly kong: PDK) {}

  async note(step: number): Promise<string | undefined> {
    await this.kong.ctx.shared.set('step', step)
    return this.kong.request.getHeader('x-request')
  }
}

@injectable()
class Handler {
  constructor(@inject(Audit) readonly audit: Audit) {}
}

describe('the ambient PDK', () => {
  it('is a PDK', () => {
    expect(createAmbientPdk()).toBeInstanceOf(PDK)
  })

  it('never crosses 100 concurrent events', async () => {
    const ambient = createAmbientPdk()
    const handler = container.createChildContainer().register(PDK, { useValue: ambient }).resolve(Handler)
    const events = Array.from({ length: 100 }, (_, id) => {
      const sent: unknown[][] = []
      const call = async (method: string, args: readonly unknown[]) => {
        sent.push([method, ...args])
        // Events take turns in an order of their own.
        for (let turns = (id * 7) % 11; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
        return method === 'kong.request.get_header' ? `request ${id}` : undefined
      }
      return { id, sent, kong: new PDK(call, { phase: 'access' }) }
    })
    const seen = await Promise.all(
      events.map(({ kong }) =>
        ambient.run(kong, async () => {
          const values: (string | undefined)[] = []
          for (let step = 0; step < 5; step++) values.push(await handler.audit.note(step))
          return values
        }),
      ),
    )
    for (const { id, sent } of events) {
      expect(seen[id]).toEqual(Array.from({ length: 5 }, () => `request ${id}`))
      expect(sent).toHaveLength(10)
      expect(sent.filter(([method]) => method === 'kong.ctx.shared.set').map(([, , step]) => step)).toEqual([0, 1, 2, 3, 4])
    }
  })

  it('has phase, signal and guard of the current event', async () => {
    const ambient = createAmbientPdk()
    const access = recordingCarrier()
    const controller = new AbortController()
    ambient.run(new PDK(access.call, { phase: 'access', signal: () => controller.signal }), () => {
      expect(ambient.phase).toBe('access')
      expect(ambient.signal).toBe(controller.signal)
      void ambient.client.getIp()
    })
    expect(access.sent).toEqual([['kong.client.get_ip']])
    const log = recordingCarrier()
    await ambient.run(new PDK(log.call, { phase: 'log' }), async () => {
      await expect(ambient.client.getIp()).rejects.toBeInstanceOf(PdkPhaseError)
    })
    expect(log.sent).toEqual([])
  })

  it('hands what it refuses to the carrier of the current event', async () => {
    const ambient = createAmbientPdk()
    const refused: Promise<unknown>[] = []
    const kong = new PDK(recordingCarrier().call, { phase: 'log', refused: (promise) => refused.push(promise.catch(() => undefined)) })
    ambient.run(kong, () => void ambient.client.getIp())
    await Promise.all(refused)
    expect(refused).toHaveLength(1)
  })

  it('says outside an event that there is none, and what to do', async () => {
    const ambient = createAmbientPdk()
    const outside = ambient.request.getHeader('host')
    await expect(outside).rejects.toBeInstanceOf(KongTsError)
    await expect(outside).rejects.toMatchObject({ code: 'ERR_NO_CURRENT_EVENT', message: expect.stringContaining('phase handler') })
    expect(() => ambient.signal).toThrow(KongTsError)
    expect(ambient.phase).toBeUndefined()
  })
})
