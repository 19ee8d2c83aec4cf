import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askSocketOwner, type Counters } from '@kong-ts/runtime'
import { KongConnection, type AskedCall } from '../load/kong-connection.js'

/** Every way an event ends, and what Kong does beside events. */
export const SOAK_KINDS = ['finished', 'exit', 'throw', 'deadline', 'abandoned', 'start and close'] as const
export type SoakKind = (typeof SOAK_KINDS)[number]

export interface SoakOptions {
  /** Events and Start/Close pairs, all kinds together. */
  readonly events: number
  readonly connections: number
  /** Milliseconds after which the server gives up an event that Kong has left; longer than any stall of this machine. */
  readonly abandonedAfter: number
  /** The compiled soak-server. */
  readonly script: string
  readonly progress?: (line: string) => void
}

export interface SoakReport {
  readonly done: Readonly<Record<SoakKind, number>>
  readonly seconds: number
  /** Resident memory of the server in MiB, after each tenth. */
  readonly memory: readonly number[]
  /** The server's counters at the end. */
  readonly counters: Readonly<Counters>
}

/**
 * Runs events of every kind on a plugin server in its own process, and reports its memory and what is left in it.
 *
 * @throws Error when an event does not end as its kind must.
 */
export async function runSoak({ events, connections, abandonedAfter, script, progress }: SoakOptions): Promise<SoakReport> {
  const folder = await mkdtemp(join(tmpdir(), 'kong-ts-soak-'))
  const socket = join(folder, 'soak.socket')
  const child = spawn(process.execPath, [script, socket, String(abandonedAfter)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const done: Record<SoakKind, number> = { finished: 0, exit: 0, throw: 0, deadline: 0, abandoned: 0, 'start and close': 0 }
  const memory: number[] = []
  const began = performance.now()
  let started = 0

  async function work(): Promise<void> {
    const kong = await KongConnection.open(socket)
    const instance = await kong.startInstance('soak', { __plugin_id: 'soak', __seq__: 1 })
    while (started < events) {
      const turn = started++
      const kind = SOAK_KINDS[turn % SOAK_KINDS.length] ?? 'finished'
      await runOne(kong, instance, kind, turn)
      done[kind]++
      if ((turn + 1) % Math.ceil(events / 10) === 0) {
        memory.push(await residentMemory(child.pid))
        progress?.(`${turn + 1} events, ${memory.at(-1)} MiB`)
      }
    }
    await kong.closeInstance(instance)
    kong.close()
  }

  try {
    await once(child.stdout, 'data')
    await Promise.all(Array.from({ length: connections }, work))
    const counters = await settledCounters(socket)
    return { done, seconds: (performance.now() - began) / 1000, memory, counters }
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
    await rm(folder, { recursive: true, force: true })
  }
}

async function runOne(kong: KongConnection, instance: number, kind: SoakKind, turn: number): Promise<void> {
  if (kind === 'start and close') {
    await kong.closeInstance(await kong.startInstance('soak', { note: 'x'.repeat(turn % 100), __plugin_id: `p${turn % 7}`, __seq__: turn }))
    return
  }
  if (kind === 'abandoned') {
    await kong.beginEvent(instance, 'access')
    return
  }
  const last = await kong.runEvent(instance, kind === 'deadline' ? 'rewrite' : 'access', ({ method }) =>
    method === 'kong.request.get_header' ? kind : undefined,
  )
  if (statusOf(last) !== STATUS[kind]) throw new Error(`an event of kind "${kind}" ended with ${JSON.stringify(last)}`)
}

/** The status that the client gets; none where the request goes on. */
const STATUS: Readonly<Partial<Record<SoakKind, number>>> = { exit: 403, throw: 500, deadline: 504 }

function statusOf(last: AskedCall | undefined): unknown {
  return last?.args[0]
}

/** The counters when the server has given up all abandoned events. */
async function settledCounters(socket: string): Promise<Counters> {
  for (let waited = 0; ; waited++) {
    const owner = await askSocketOwner(socket)
    if (owner.kind !== 'plugin-server') throw new Error('the plugin server has gone')
    const { counters } = owner.status
    if ((counters.liveEvents === 0 && counters.liveInstances === 0) || waited > 400) return counters
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function residentMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}
