import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { askSocketOwner, type Counters } from '@kong-ts/runtime'
import { startGateway, type Gateway } from '@kong-ts/simulator/gateway'
import { startUpstream } from './chaos-upstream.js'
import { HOWS, faultOf, type ChaosRequest, type How } from './check-request.js'

export interface ChaosOptions {
  readonly seconds: number
  /** Number of requests at the same time. */
  readonly clients: number
  /** The compiled chaos-server. */
  readonly script: string
  readonly progress?: (line: string) => void
}

export interface ChaosReport {
  readonly requests: number
  readonly kills: number
  readonly reloads: number
  readonly aborts: number
  /** Requests during which a server lived all the time, so that only one outcome is right. */
  readonly certain: number
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>
  /** Milliseconds from each kill to the first request that a new server guarded. */
  readonly recoveries: readonly number[]
  readonly faults: readonly string[]
  /** The last server's counters at the end. */
  readonly counters: Readonly<Counters>
}

/** A time in which there may have been no server. */
interface Outage {
  readonly from: number
  to: number
}

/** A request before its outcome is judged. */
type Sent = Omit<ChaosRequest, 'serverDied' | 'handled' | 'reachedUpstream' | 'upstreamMark'> & {
  readonly from: number
  readonly to: number
}

/** Sends requests through the simulated gateway to a plugin server, kills the server and reloads the configuration at random, and judges every request. */
export async function runChaos({ seconds, clients, script, progress }: ChaosOptions): Promise<ChaosReport> {
  const upstream = await startUpstream()
  const handled = new Set<string>()
  const config = (note: string) => ({
    _format_version: '3.0',
    services: [{ name: 'up', url: upstream.url, routes: [{ name: 'all', paths: ['/'] }], plugins: [{ name: 'chaos', config: { note } }] }],
  })
  const gateway = await startGateway({
    config: config('first'),
    scripts: [script],
    workers: 2,
    log: (_level, line) => {
      const id = /handling (\S+)$/.exec(line)?.[1]
      if (id !== undefined) handled.add(id)
    },
  })
  const end = performance.now() + seconds * 1000
  const sent: Sent[] = []
  const outages: Outage[] = []
  const recoveries: number[] = []
  let nextId = 0
  let reloads = 0

  async function client(): Promise<void> {
    while (performance.now() < end) sent.push(await sendRequest(gateway.proxyUrl, `r${nextId++}`, pick(HOWS), Math.random() < 0.05))
  }

  async function killer(): Promise<void> {
    // The last kill leaves time for a recovery.
    while (performance.now() < end - 3000) {
      await delay(200 + Math.random() * 2500)
      const [pid] = gateway.pluginServerPids
      if (pid === undefined) continue
      const outage: Outage = { from: performance.now(), to: Number.POSITIVE_INFINITY }
      outages.push(outage)
      process.kill(pid, 'SIGKILL')
      await guardedAgain(gateway, () => `p${nextId++}`)
      outage.to = performance.now()
      recoveries.push(Math.round(outage.to - outage.from))
      progress?.(`killed ${pid}, guarded again after ${recoveries.at(-1)} ms`)
    }
  }

  async function reloader(): Promise<void> {
    while (performance.now() < end - 1000) {
      await delay(100 + Math.random() * 1000)
      await gateway.reload(config(`reload ${reloads++}`))
    }
  }

  try {
    await Promise.all([killer(), reloader(), ...Array.from({ length: clients }, client)])
    const counters = await settledCounters(gateway)
    const requests = sent.map(({ from, to, ...request }) => ({
      ...request,
      serverDied: outages.some((outage) => outage.from <= to && outage.to >= from),
      handled: handled.has(request.id),
      reachedUpstream: upstream.reached.has(request.id),
      upstreamMark: upstream.reached.get(request.id),
    }))
    const statuses: Record<string, number> = {}
    for (const { status } of requests) statuses[status ?? 'none'] = (statuses[status ?? 'none'] ?? 0) + 1
    return {
      requests: requests.length,
      kills: outages.length,
      reloads,
      aborts: requests.filter(({ aborted }) => aborted).length,
      certain: requests.filter(({ serverDied }) => !serverDied).length,
      statuses,
      recoveries,
      faults: requests.flatMap((request) => faultOf(request) ?? []),
      counters,
    }
  } finally {
    await gateway.close()
    await upstream.close()
  }
}

async function sendRequest(url: string, id: string, how: How, aborted: boolean): Promise<Sent> {
  const from = performance.now()
  const giveUp = aborted ? AbortSignal.timeout(Math.ceil(Math.random() * 50)) : null
  try {
    const response = await fetch(url, { headers: { 'x-id': id, 'x-how': how }, signal: giveUp })
    const body = await response.text()
    return { id, how, aborted: false, status: response.status, mark: response.headers.get('x-guarded'), body, from, to: performance.now() }
  } catch {
    // The event of an aborted request goes on, because Kong does not notice that the client has gone.
    if (aborted) await delay(900)
    return { id, how, aborted, status: undefined, mark: null, body: '', from, to: performance.now() }
  }
}

/** Resolves when a request has gone through a live server. */
async function guardedAgain(gateway: Gateway, nextId: () => string): Promise<void> {
  for (;;) {
    const { id, mark } = await sendRequest(gateway.proxyUrl, nextId(), 'pass', false)
    if (mark === id) return
    await delay(20)
  }
}

/** Polls until nothing may be left. Events end by themselves; instances whose ids Kong has forgotten end when they have been idle. */
const MAX_POLLS = 200
const POLL_INTERVAL_MS = 50

async function settledCounters(gateway: Gateway): Promise<Counters> {
  const socket = join(gateway.prefix, 'chaos-server.socket')
  for (let waited = 0; ; waited++) {
    const owner = await askSocketOwner(socket)
    if (owner.kind === 'plugin-server') {
      const { liveEvents, liveInstances } = owner.status.counters
      if ((liveEvents === 0 && liveInstances === 0) || waited > MAX_POLLS) return owner.status.counters
    }
    if (waited > MAX_POLLS * 2) throw new Error(`no plugin server answers on ${socket}`)
    await delay(POLL_INTERVAL_MS)
  }
}

function pick<T>(values: readonly [T, ...T[]]): T {
  return values[Math.floor(Math.random() * values.length)] ?? values[0]
}
