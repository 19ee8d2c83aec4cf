import { describe, expect, it } from 'vitest'
import { PDK } from '../../src/index.js'
import type { PdkCall } from '../../src/pdk/call/pdk-channel.js'
import { corpusCalls, holdsInexpressible, type RecordedCall, transcriptCalls } from './recorded-calls.js'
import { DOCUMENTED_RESULTS, nothing } from './documented-results.js'
import { BY_KONG_NAME, callTyped } from './typed-call.js'

/** Answers as a carrier does, with the recorded value. */
function answering({ value }: RecordedCall): PdkCall {
  return async () => value
}

/** What a plugin stored as consumer or credential, which no rule of Kong keeps from being an array, comes back as it is. */
const STORED_ARRAYS = /^client\/authenticate_(empty_)?array/

/** Numbers, ids and times that differ from run to run were replaced in the corpus. */
function isPlaceholder(value: unknown): boolean {
  return JSON.stringify(value)?.includes('"$') === true
}

async function wrongResults(calls: readonly RecordedCall[]): Promise<string[]> {
  const wrong: string[] = []
  for (const call of calls) {
    const path = BY_KONG_NAME.get(call.method)?.path
    if (path === undefined || !Array.isArray(call.args) || holdsInexpressible(call.args)) continue
    const result = await callTyped(new PDK(answering(call)), path, call.args).catch((error: unknown) => error)
    if (result instanceof Error && result.name === 'PdkArgumentError') continue
    const check = DOCUMENTED_RESULTS[call.method] ?? nothing
    if (!check(result)) wrong.push(`${call.id}: ${call.method} gave ${String(JSON.stringify(result)).slice(0, 200)}`)
  }
  return wrong
}

describe('recorded answers of Kong 3.9.1', () => {
  it('in the transcripts come out with the documented types', async () => {
    const calls = transcriptCalls()
    expect(calls.length).toBeGreaterThan(600)
    expect(await wrongResults(calls)).toEqual([])
  })

  it('in the corpus come out with the documented types', async () => {
    const answered = corpusCalls().filter(({ outcome, id }) => outcome === 'answered' && !STORED_ARRAYS.test(id))
    const calls = answered.filter(({ value }) => !isPlaceholder(value))
    expect(calls.length).toBeGreaterThan(2500)
    expect(await wrongResults(calls)).toEqual([])
  })
})
