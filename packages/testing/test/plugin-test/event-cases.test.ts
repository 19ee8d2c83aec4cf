import { afterEach, expect, it, vi } from 'vitest'
import { createPluginTest } from '../../src/index.js'
import { EVENT_CASES, describeCall, eventPlugin, seenCalls, type EventCase } from '../../../core/test/dispatch/event-cases.js'

async function run(eventCase: EventCase, note: (text: string) => void) {
  const test = createPluginTest(eventPlugin(eventCase, note))
  return eventCase.phase === 'preread' ? test.connection().run() : test.request().runPhase(eventCase.phase)
}

afterEach(() => void vi.useRealTimers())

it.each(EVENT_CASES)('an event in memory: $name', async (eventCase) => {
  const notes: string[] = []
  const { pdkCalls, errors } = await run(eventCase, (text) => notes.push(text))
  expect(seenCalls(pdkCalls.map(({ method, args }) => describeCall(method, args[0])))).toEqual(eventCase.calls)
  expect(errors).toHaveLength(eventCase.failed ? 1 : 0)
  await expect.poll(() => notes).toEqual(eventCase.notes)
})

it.each(EVENT_CASES.filter(({ name }) => name.includes('hops')))('an event in memory with a fake clock: $name', async (eventCase) => {
  const notes: string[] = []
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'Date', 'performance', 'queueMicrotask'] })
  const { pdkCalls } = await run(eventCase, (text) => notes.push(text))
  expect(seenCalls(pdkCalls.map(({ method, args }) => describeCall(method, args[0])))).toEqual(eventCase.calls)
  vi.useRealTimers()
  await expect.poll(() => notes).toEqual(eventCase.notes)
})
