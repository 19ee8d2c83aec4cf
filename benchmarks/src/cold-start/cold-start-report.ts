import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { buildProgram } from '../load/build-program.js'
import { BENCHMARKS_FOLDER } from '../machine/benchmarks-folder.js'
import { childEnvironment } from '../machine/child-process.js'
import { machineText, type Machine } from '../machine/machine.js'
import { markdownTable, median } from '../report/figures.js'
import type { Report } from '../report/write-results.js'

const execute = promisify(execFile)

const KONG_TS = join(dirname(createRequire(import.meta.url).resolve('@kong-ts/cli/package.json')), 'bin/kong-ts.js')

const PROGRAMS = [
  { name: 'hello-header (no class-validator)', path: join(BENCHMARKS_FOLDER, '..', 'examples', 'hello-header', 'dist', 'main.js') },
  { name: 'bench (class-validator)', path: join(BENCHMARKS_FOLDER, 'dist', 'server.js') },
] as const

interface Start {
  readonly program: string
  readonly form: string
  readonly action: 'empty' | 'ready' | 'dump'
  readonly command: readonly string[]
  readonly socket: string | undefined
}

interface ColdStartRow {
  readonly program: string
  readonly form: string
  readonly action: Start['action']
  readonly fastest: number
  readonly median: number
}

/** Measures the time until plugin servers accept connections, and until they have dumped. The commands take turns with an empty Node process. */
export async function measureColdStart(times: number, machine: Machine, progress: (line: string) => void): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'cold-start-'))
  try {
    const starts = await prepare(folder)
    const samples = new Map<Start, number[]>(starts.map((start) => [start, []]))
    for (let time = 1; time <= times; time++) {
      progress(`start ${time} of ${times}`)
      for (const [start, list] of samples) list.push(await timeStart(start))
    }
    const rows = [...samples].map(
      ([{ program, form, action }, list]): ColdStartRow => ({ program, form, action, fastest: Math.min(...list), median: median(list) }),
    )
    return report(rows, times, machine)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function prepare(folder: string): Promise<readonly Start[]> {
  const empty: Start = { program: 'node -e 0', form: '', action: 'empty', command: [process.execPath, '-e', '0'], socket: undefined }
  const starts: Start[] = [empty]
  for (const [index, { name, path }] of PROGRAMS.entries()) {
    const bundled = join(folder, `${index}.mjs`)
    await bundle(path, bundled)
    const { size } = await stat(bundled)
    const forms = [
      { form: `bundled, ${Math.round(size / 1000)} KB`, file: bundled },
      { form: 'unbundled', file: path },
    ]
    for (const { form, file } of forms) {
      const socket = join(folder, `${starts.length}.socket`)
      starts.push({ program: name, form, action: 'ready', command: [process.execPath, file, '-socket', socket], socket })
      starts.push({ program: name, form, action: 'dump', command: [process.execPath, file, '-dump'], socket: undefined })
    }
  }
  return starts
}

async function timeStart({ command, socket }: Start): Promise<number> {
  const { stdout } = await execute(buildProgram('start-time'), [...(socket === undefined ? [] : ['--socket', socket]), ...command], {
    env: childEnvironment(),
  })
  return Number(stdout)
}

function report(rows: readonly ColdStartRow[], times: number, machine: Machine): Report {
  const empty = rows.find(({ action }) => action === 'empty')
  if (empty === undefined) throw new Error('the empty process was not measured')
  const milliseconds = (value: number) => value.toFixed(0)
  const table = markdownTable(
    ['program', 'form', 'until', 'fastest ms', 'median ms', 'fastest over empty ms', 'median over empty ms'],
    rows.map((row) => {
      const over = row.action === 'empty' ? ['', ''] : [milliseconds(row.fastest - empty.fastest), milliseconds(row.median - empty.median)]
      return [
        row.program,
        row.form,
        { empty: 'it ends', ready: 'the socket accepts', dump: '-dump has ended' }[row.action],
        milliseconds(row.fastest),
        milliseconds(row.median),
        ...over,
      ]
    }),
    3,
  )
  const text = ['', machineText(machine), `${times} starts of each, in turn, not bound to cores.`, table, ''].join('\n\n')
  return { name: 'cold-start', text, data: { machine, times, rows }, plots: {} }
}

/** Bundles a built plugin server into one file, as its author would. */
async function bundle(input: string, file: string): Promise<void> {
  await execute(process.execPath, [KONG_TS, 'build', input, '--minify', '--out', file])
}
