import { spawn } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type GatewayLog, watchFolder } from '@kong-ts/simulator/gateway'
import { findUp } from '../files/project-files.js'

const TSC = join('node_modules', '.bin', 'tsc')

/** The line of tsc when it has built everything, with or without errors, and waits for changes. */
const WATCHING = /Watching for file changes\.?$/

/** After this time (ms) a compiler without such a line counts as ready: it may print another text. */
const LONGEST_BUILD_MS = 60_000

/** Compilers that build projects again after each change of a source. */
interface RunningCompilers {
  /** Resolves when the first builds have ended, with or without errors. */
  readonly built: Promise<void>
  close(): void
}

/** Builds the TypeScript projects of scripts, now and after each change of a source. Logs the compiler's errors. */
export function startCompilers(scripts: readonly string[], log: GatewayLog): RunningCompilers {
  const projects = new Set(
    scripts.map((script) => findUp(dirname(resolve(script)), 'tsconfig.json')).filter((folder) => folder !== undefined),
  )
  const compilers = [...projects].flatMap((project) => startCompiler(project, log) ?? [])
  return {
    built: Promise.all(compilers.map(({ built }) => built)).then(() => undefined),
    close() {
      for (const compiler of compilers) compiler.close()
    },
  }
}

function startCompiler(project: string, log: GatewayLog): RunningCompilers | undefined {
  const found = findUp(project, TSC)
  if (found === undefined) {
    log('warn', `${project}: no TypeScript compiler found, so sources are not rebuilt: install typescript there, or build yourself`)
    return undefined
  }
  const child = spawn(join(found, TSC), ['--build', '--watch', '--preserveWatchOutput', project], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The command is a script around the compiler: a signal to the group ends both.
    detached: true,
  })
  const built = new Promise<void>((done) => {
    const timer = setTimeout(done, LONGEST_BUILD_MS)
    function finish(): void {
      clearTimeout(timer)
      done()
    }
    child.on('close', finish)
    child.on('error', (error) => {
      log('error', `tsc cannot be started: ${error.message}`)
      finish()
    })
    readErrors(child.stdout, log, finish)
  })
  return {
    built,
    close: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null && process.kill(-child.pid, 'SIGTERM'),
  }
}

function readErrors(output: Readable, log: GatewayLog, watching: () => void): void {
  let isWithinError = false
  createInterface(output).on('line', (line) => {
    // The lines after an error explain it and are indented.
    isWithinError = line.includes('error TS') || (isWithinError && /^\s+\S/.test(line))
    if (isWithinError) log('error', line)
    if (WATCHING.test(line)) watching()
  })
}

/** A build writes many files. Changes within this time count as one. */
const BUILD_MS = 250

/** Ends the watching. */
interface Watching {
  close(): void
}

/**
 * Watches the output folders of scripts.
 *
 * @param changed called with the script, once for each change, until the watching is closed.
 */
export function watchScripts(scripts: readonly string[], changed: (script: string) => void): Watching {
  const ends = scripts.map((script) => {
    const output = dirname(resolve(script))
    return watchFolder({ folder: output, recursive: true, counts: (name) => name.endsWith('.js'), settleMs: BUILD_MS }, () =>
      changed(script),
    )
  })
  return {
    close() {
      for (const end of ends) end()
    },
  }
}
