import { parseArgs } from 'node:util'
import { parsePeer, type ServerKind } from './servers/known-servers.js'
import { WORKLOADS, type Workload } from './servers/workloads.js'

export const HELP = `Measures plugin servers against each other: kong-ts, kong-pdk, a minimal Node server, and what else is given.

Usage: npm run bench -- [options]

What:
  (nothing)             events per second, CPU and latency of every server with every workload
  --memory              memory of kong-ts after many events and many instances
  --cold-start          time until a plugin server accepts, and until it has dumped
  --all                 the three of them

How:
  --rounds N            default 5; each with fresh processes
  --seconds S           of each measurement, default 2
  --warm-up S           before each measurement, default 0.5
  --workloads LIST      of w0,w1,w2,w3; default all
  --connections LIST    default 8,64
  --servers LIST        names of the servers to measure; kong-ts is always one of them
  --peer NAME=COMMAND   another server that serves a plugin "bench"; {prefix} in COMMAND becomes a folder in which it makes its socket, {socket}
                        a path in it. NAME@ProtoBuf:1=COMMAND for the other protocol. Repeatable.
  --events N            of each workload with --memory, default 200000
  --times N             starts with --cold-start, default 15
  --write-readme        also write the tables to benchmarks/README.md
  --help

Tables go to stdout, progress to stderr, everything measured to benchmarks/results/.`

export interface BenchOptions {
  readonly parts: ReadonlySet<'compare' | 'memory' | 'cold-start'>
  readonly rounds: number
  readonly seconds: number
  readonly warmUp: number
  readonly workloads: readonly Workload[]
  readonly connections: readonly number[]
  readonly servers: readonly ServerKind[]
  readonly events: number
  readonly times: number
  readonly writeReadme: boolean
}

/**
 * @param known the servers that can be measured without `--peer`, kong-ts first.
 * @returns `undefined` for `--help`.
 * @throws Error for an option or a value that is not allowed.
 */
export function readCommandLine(args: readonly string[], known: readonly ServerKind[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      memory: { type: 'boolean', default: false },
      'cold-start': { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      'warm-up': { type: 'string', default: '0.5' },
      workloads: { type: 'string', default: WORKLOADS.map(({ name }) => name).join(',') },
      connections: { type: 'string', default: '8,64' },
      servers: { type: 'string' },
      peer: { type: 'string', multiple: true, default: [] },
      events: { type: 'string', default: '200000' },
      times: { type: 'string', default: '15' },
      'write-readme': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const servers = [...known, ...values.peer.map(parsePeer)]
  return {
    parts: partsOf(values),
    rounds: count('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    warmUp: positive('warm-up', values['warm-up']),
    workloads: chosen('workloads', values.workloads, WORKLOADS),
    connections: values.connections.split(',').map((text) => count('connections', text)),
    servers: values.servers === undefined ? servers : chosen('servers', `${servers[0]?.name},${values.servers}`, servers),
    events: count('events', values.events),
    times: count('times', values.times),
    writeReadme: values['write-readme'],
  }
}

function partsOf({
  memory,
  'cold-start': coldStart,
  all,
}: {
  readonly memory: boolean
  readonly 'cold-start': boolean
  readonly all: boolean
}): BenchOptions['parts'] {
  const compare = all || (!memory && !coldStart)
  return new Set([
    ...(compare ? ['compare' as const] : []),
    ...(memory || all ? ['memory' as const] : []),
    ...(coldStart || all ? ['cold-start' as const] : []),
  ])
}

/** Finds items by their names, or by the beginnings of their names. */
function chosen<T extends { readonly name: string }>(option: string, text: string, from: readonly T[]): readonly T[] {
  const wanted = text.split(',').map((name) => {
    const found = from.find((item) => item.name === name) ?? from.find((item) => item.name.startsWith(name))
    if (found === undefined) throw new Error(`--${option} ${name} is none of ${from.map((item) => item.name).join(', ')}`)
    return found
  })
  return from.filter((item) => wanted.includes(item))
}

function count(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${option} ${text}: a whole number from 1 is needed`)
  return value
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${option} ${text}: a number of seconds is needed`)
  return value
}
