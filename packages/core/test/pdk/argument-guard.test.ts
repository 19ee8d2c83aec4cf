import { describe, expect, it } from 'vitest'
import { KongTsError, PDK, PdkArgumentError, PdkPhaseError } from '../../src/index.js'
import { corpusCalls, holdsInexpressible, type RecordedCall } from './recorded-calls.js'
import { recordingCarrier } from './recording-carrier.js'
import { STATE_DEPENDENT } from './state-dependent-calls.js'
import { BY_KONG_NAME, callTyped } from './typed-call.js'

type Verdict = 'sent' | 'PdkArgumentError' | 'PdkPhaseError'

/** Plays a recorded call through the typed method, or through `raw` when there is none. */
async function verdictOn({ method, args, phase, contentType }: RecordedCall): Promise<Verdict> {
  const carrier = recordingCarrier(contentType === undefined ? {} : { 'kong.request.get_header': contentType })
  const kong = new PDK(carrier.call, { phase })
  const path = BY_KONG_NAME.get(method)?.path
  const list = Array.isArray(args) ? args : []
  try {
    await (path === undefined ? callTyped(kong, 'raw', [method, ...list]) : callTyped(kong, path, list))
  } catch (error) {
    // What decides may have been asked for, but the refused call itself was never sent.
    if (error instanceof KongTsError) expect(carrier.sent.filter(([name]) => name === method)).toEqual([])
    if (error instanceof PdkArgumentError) {
      expect(error.message.endsWith(error.rule)).toBe(true)
      return 'PdkArgumentError'
    }
    if (error instanceof PdkPhaseError) return 'PdkPhaseError'
    if (!(error instanceof Error) || error.name !== 'ResponseExit') throw error
  }
  return 'sent'
}

/** A PDK method takes a list of plain data: what Kong was sent by hand beyond that cannot be said. */
function canBeSaid({ args }: RecordedCall): boolean {
  return Array.isArray(args) && !holdsInexpressible(args)
}

function describeCall({ id, phase, method, args, outcome, because }: RecordedCall): string {
  return `${id}: ${method} ${JSON.stringify(args)?.slice(0, 120)} in ${phase}, ${outcome} ${because ?? ''}`
}

const CALLS = corpusCalls()
const SAYABLE = CALLS.filter(canBeSaid)
const STATELESS = SAYABLE.filter((call) => !STATE_DEPENDENT.some(({ matches }) => matches(call)))

async function wronglyJudged(calls: readonly RecordedCall[], right: (verdict: Verdict) => boolean): Promise<string[]> {
  const wrong: string[] = []
  for (const call of calls) {
    const verdict = await verdictOn(call)
    if (!right(verdict)) wrong.push(`${verdict} for ${describeCall(call)}`)
  }
  return wrong
}

describe('what Kong 3.9.1 did with recorded calls', () => {
  it('can nearly all be said through the PDK', () => {
    expect(CALLS.length).toBeGreaterThan(3500)
    expect(CALLS.length - SAYABLE.length).toBeLessThan(60)
    expect(SAYABLE.length - STATELESS.length).toBeLessThan(150)
  })

  it('every argument that Kong raised on is refused before it is sent', async () => {
    const raised = STATELESS.filter(({ outcome, because }) => outcome === 'raised' && because === 'argument')
    expect(raised.length).toBeGreaterThan(400)
    expect(await wronglyJudged(raised, (verdict) => verdict === 'PdkArgumentError')).toEqual([])
  })

  it('every phase that Kong raised on is refused before it is sent', async () => {
    const raised = STATELESS.filter(({ because }) => because === 'phase')
    expect(raised.length).toBeGreaterThan(40)
    expect(await wronglyJudged(raised, (verdict) => verdict !== 'sent')).toEqual([])
  })

  it('no argument that Kong accepted is refused', async () => {
    const accepted = STATELESS.filter(({ outcome }) => outcome !== 'raised')
    expect(accepted.length).toBeGreaterThan(3000)
    expect(await wronglyJudged(accepted, (verdict) => verdict === 'sent')).toEqual([])
  })

  it.each(STATE_DEPENDENT)('$name: Kong decides by its state, and $verdict', async ({ matches, verdict }) => {
    const calls = SAYABLE.filter(matches)
    expect(calls.length).toBeGreaterThan(0)
    expect(await wronglyJudged(calls, (given) => given === verdict)).toEqual([])
  })
})
