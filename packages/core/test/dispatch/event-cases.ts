import { Access, Log, Plugin, Preread, type PDK, type Phase } from '@kong-ts/core'
import type { Constructor } from '@kong-ts/core/server'

/**
 * What a handler does, and what Kong must see of it. The same table runs in memory (packages/testing) and through sockets on both protocols
 * (packages/runtime), so that a plugin behaves in its tests as it does in Kong.
 */
export interface EventCase {
  readonly name: string
  readonly phase: 'access' | 'preread' | 'log'
  readonly timeout: number
  readonly failOpen: boolean
  /** @param note adds to `notes`: what the handler noticed, maybe after its phase. */
  readonly handler: (kong: PDK, note: (text: string) => void) => unknown
  /** The calls that Kong gets, in order, as `describeCall` writes them. The same call several times in a row counts once. */
  readonly calls: readonly string[]
  /** Whether the handler counts as failed. */
  readonly failed: boolean
  readonly notes: readonly string[]
}

const DEFAULTS = { phase: 'access', timeout: 20_000, failOpen: false, calls: [], failed: false, notes: [] } as const

function eventCase(name: string, handler: EventCase['handler'], expected: Partial<EventCase> = {}): EventCase {
  return { ...DEFAULTS, ...expected, name, handler }
}

/** Lets that many promise jobs pass. */
async function hops(count: number): Promise<void> {
  for (let hop = 1; hop < count; hop++) await undefined
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

function noteRejection(note: (text: string) => void): (error: unknown) => void {
  return (error) => note(error instanceof Error && 'code' in error ? String(error.code) : String(error).replace(/:.*/s, ''))
}

const HOPS = [1, 2, 3, 4, 5]

const CHAINS = HOPS.flatMap((count) => [
  eventCase(
    `an answer, then a call after ${count} hops that nobody awaits`,
    (kong) => {
      void (async () => {
        await kong.request.getHeader('x')
        await hops(count)
        await kong.response.setHeader('y', '1')
      })()
    },
    { calls: ['request.get_header', 'response.set_header y'] },
  ),
  eventCase(
    `an answer that the PDK maps, then a call after ${count} hops that nobody awaits`,
    async (kong) => {
      void (async () => {
        await kong.request.getHeaders()
        await hops(count)
        await kong.response.setHeader('y', '1')
      })()
    },
    { calls: ['request.get_headers', 'response.set_header y'] },
  ),
  eventCase(
    `an answer that the handler awaits too, then a call after ${count} hops that nobody awaits`,
    async (kong) => {
      const headers = kong.request.getHeaders()
      void (async () => {
        await headers
        await hops(count)
        await kong.response.setHeader('y', '1')
      })()
      await headers
    },
    { calls: ['request.get_headers', 'response.set_header y'] },
  ),
  eventCase(
    `a call after ${count} hops without an answer, from an async handler`,
    async (kong) => {
      void (async () => {
        await hops(count)
        await kong.response.setHeader('y', '1')
      })()
    },
    { calls: ['response.set_header y'] },
  ),
  eventCase(
    `an exit after ${count} hops that nobody awaits`,
    (kong) => {
      void (async () => {
        await kong.request.getHeaders()
        await hops(count)
        await kong.response.exit(403).catch(() => undefined)
      })()
    },
    { calls: ['request.get_headers', 'response.exit 403'] },
  ),
])

export const EVENT_CASES: readonly EventCase[] = [
  eventCase('nothing', () => undefined),
  eventCase('nothing, in an async handler', async () => undefined),
  eventCase(
    'calls that are awaited',
    async (kong) => {
      await kong.request.getHeader('x')
      await kong.response.setHeader('y', '1')
    },
    { calls: ['request.get_header', 'response.set_header y'] },
  ),
  eventCase(
    'calls that nobody awaits, in order',
    (kong) => {
      for (const name of ['a', 'b', 'c']) void kong.response.setHeader(name, '1')
    },
    { calls: ['response.set_header a', 'response.set_header b', 'response.set_header c'] },
  ),
  ...CHAINS,
  eventCase(
    'five calls in a chain that nobody awaits, each after three hops',
    (kong) => {
      void (async () => {
        for (const name of ['a', 'b', 'c', 'd', 'e']) {
          await kong.response.setHeader(name, '1')
          await hops(3)
        }
      })()
    },
    { calls: ['a', 'b', 'c', 'd', 'e'].map((name) => `response.set_header ${name}`) },
  ),
  eventCase(
    'a chain that nobody awaits, while the handler waits for a timer',
    async (kong) => {
      void kong.response.setHeader('a', '1').then(() => kong.response.setHeader('b', '2'))
      await sleep(20)
      await kong.response.setHeader('c', '3')
    },
    { calls: ['response.set_header a', 'response.set_header b', 'response.set_header c'] },
  ),
  eventCase(
    'a call that the PDK refuses, and one that makes up for it, both not awaited',
    (kong) => {
      void kong.response.setStatus(99_999).catch(() => kong.response.setHeader('y', '1'))
    },
    { calls: ['response.set_header y'] },
  ),
  eventCase(
    'a thenable that is not a promise',
    (kong) => ({
      // oxlint-disable-next-line no-thenable
      then(resolve: () => void) {
        void kong.request.getHeaders().then(() => kong.response.setHeader('y', '1'))
        resolve()
      },
    }),
    { calls: ['request.get_headers', 'response.set_header y'] },
  ),
  eventCase(
    'an exit, and calls after it',
    async (kong, note) => {
      void kong.response.exit(403)
      await kong.request.getHeader('x').catch(noteRejection(note))
    },
    { calls: ['response.exit 403'], notes: ['ResponseExit'] },
  ),
  eventCase(
    'calls that wait while an exit is made',
    async (kong) => {
      void kong.response.setHeader('a', '1')
      void kong.response.setHeader('b', '2')
      await kong.response.exit(403)
    },
    { calls: ['response.set_header a', 'response.set_header b', 'response.exit 403'] },
  ),
  eventCase(
    'an exit that cannot be sent, not awaited',
    (kong) => {
      void kong.request.getHeader('x').then(() => kong.response.exit(99_999).catch(() => undefined))
    },
    { calls: ['request.get_header', 'response.exit 500'], failed: true },
  ),
  eventCase(
    'an error after calls that nobody awaits: those that wait are not sent',
    (kong, note) => {
      void kong.response.setHeader('a', '1')
      kong.response.setHeader('b', '2').catch(noteRejection(note))
      throw new Error('on purpose')
    },
    { calls: ['response.set_header a', 'response.exit 500'], failed: true, notes: ['ERR_PDK_CALL'] },
  ),
  eventCase(
    'an error while a chain that nobody awaits goes on',
    async (kong, note) => {
      void (async () => {
        await kong.request.getHeaders()
        await hops(3)
        await kong.response.setHeader('y', '1').catch(noteRejection(note))
      })()
      await undefined
      throw new Error('on purpose')
    },
    { calls: ['request.get_headers', 'response.exit 500'], failed: true, notes: ['ERR_PDK_CALL'] },
  ),
  eventCase(
    'an error in a handler that fails open',
    async (kong) => {
      await kong.request.getHeader('x')
      throw new Error('on purpose')
    },
    { failOpen: true, calls: ['request.get_header'], failed: true },
  ),
  eventCase(
    'a call from a timer that outlives the phase',
    (kong, note) => {
      setTimeout(() => void kong.response.setHeader('y', '1').catch(noteRejection(note)), 10)
    },
    { notes: ['ERR_PDK_CALL'] },
  ),
  eventCase(
    'a chain that nobody awaits, with a timer in it',
    (kong, note) => {
      void (async () => {
        await kong.request.getHeader('x')
        await sleep(10)
        await kong.response.setHeader('y', '1').catch(noteRejection(note))
      })()
    },
    { calls: ['request.get_header'], notes: ['ERR_PDK_CALL'] },
  ),
  eventCase(
    'a call after a few hops, from a handler that returned no promise and made no call',
    (kong, note) => {
      void hops(3).then(() => kong.response.setHeader('y', '1').catch(noteRejection(note)))
    },
    { notes: ['ERR_PDK_CALL'] },
  ),
  eventCase('a handler that never returns', () => new Promise(() => undefined), {
    timeout: 30,
    calls: ['response.exit 504'],
    failed: true,
  }),
  eventCase(
    'calls without end that nobody awaits: the deadline ends them',
    (kong) => {
      void (async () => {
        for (;;) await kong.request.getHeader('x')
      })().catch(() => undefined)
    },
    { timeout: 60, calls: ['request.get_header', 'response.exit 504'], failed: true },
  ),
  eventCase(
    'calls without end that are awaited: the deadline ends them',
    async (kong) => {
      for (;;) await kong.request.getHeader('x')
    },
    { timeout: 60, calls: ['request.get_header', 'response.exit 504'], failed: true },
  ),
  eventCase('a handler that blocks the process past its deadline', () => block(40), {
    timeout: 20,
    calls: ['response.exit 504'],
    failed: true,
  }),
  eventCase(
    'a handler that blocks the process past its deadline after an answer',
    async (kong) => {
      await kong.request.getHeaders()
      block(140)
    },
    { timeout: 120, calls: ['request.get_headers', 'response.exit 504'], failed: true },
  ),
  eventCase(
    'a handler that blocks the process, then makes calls that nobody awaits',
    (kong) => {
      block(40)
      void kong.response.setHeader('a', '1')
      kong.response.setHeader('b', '2').catch(() => undefined)
    },
    { timeout: 20, calls: ['response.set_header a', 'response.exit 504'], failed: true },
  ),
  eventCase('a handler that blocks the process, and fails open', () => block(40), { timeout: 20, failOpen: true, failed: true }),
  eventCase(
    'a handler that blocks the process, then exits: its answer counts, and it is late',
    async (kong) => {
      block(40)
      await kong.response.exit(403)
    },
    { timeout: 20, calls: ['response.exit 403'], failed: true },
  ),
  eventCase('an error in preread closes the connection', () => Promise.reject(new Error('on purpose')), {
    phase: 'preread',
    calls: ['response.exit 500'],
    failed: true,
  }),
  // Kong raises on 504 in preread.
  eventCase('a deadline in preread closes the connection', () => new Promise(() => undefined), {
    phase: 'preread',
    timeout: 20,
    calls: ['response.exit 500'],
    failed: true,
  }),
  eventCase('an error in preread that fails open', () => Promise.reject(new Error('on purpose')), {
    phase: 'preread',
    failOpen: true,
    failed: true,
  }),
  eventCase('an error in log, when the request is over', () => Promise.reject(new Error('on purpose')), { phase: 'log', failed: true }),
]

const DECORATORS = { access: Access, preread: Preread, log: Log } satisfies Partial<Record<Phase, typeof Access>>

/** The plugin of a case. Its name is `event-case`. */
export function eventPlugin({ phase, timeout, failOpen, handler }: EventCase, note: (text: string) => void): Constructor {
  class EventCasePlugin {
    handle(kong: PDK): unknown {
      return handler(kong, note)
    }
  }
  const method = Object.getOwnPropertyDescriptor(EventCasePlugin.prototype, 'handle') as TypedPropertyDescriptor<(kong: PDK) => unknown>
  DECORATORS[phase]({ timeout, failOpen })(EventCasePlugin.prototype, 'handle', method)
  Plugin('1.0.0', 1, { name: 'event-case' })(EventCasePlugin)
  return EventCasePlugin
}

/** A call as the table writes it: Kong's name without `kong.`, then the name of a header that is set or the status of an exit. */
export function describeCall(method: string, firstArgument: unknown): string {
  const name = method.replace(/^kong\./, '')
  return name === 'response.set_header' || name === 'response.exit' ? `${name} ${String(firstArgument)}` : name
}

/** Leaves out the server's own question for the request id, and a call that repeats the one before. */
export function seenCalls(calls: readonly string[]): readonly string[] {
  return calls.filter((call, index) => call !== 'nginx.get_var' && call !== calls[index - 1])
}
