import { spawn } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { GatewayLog } from '@kong-ts/simulator/gateway'
import { findUp } from '../files/find-up.js'

const TSC = join('node_modules', '.bin', 'tsc')

/** What tsc says when it has built everything, with and without errors, and looks for changes. */
const WATCHING = /Watching for file changes\.?$/

/** After this time (ms) a compiler that has said nothing of the kind is taken to be one that says it in other words. */
const LONGEST_BUILD = 60_000

/** Compilers that build projects whenever a source changes. */
export interface RunningCompilers {
  /** Resolves when everything is built that can be. */
  readonly built: Promise<void>
  close(): void
}

/** Builds the TypeScript projects that scripts belong to, now and whenever a source changes. What does not compile is logged. */
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
    log('warn', `${project}: no TypeScript compiler found, so sources are not rebuilt: install typescript there, or build by yourself`)
    return undefined
  }
  const child = spawn(join(found, TSC), ['--build', '--watch', '--preserveWatchOutput', project], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The command is a script around the compiler: only as a group do both end together.
    detached: true,
  })
  const built = new Promise<void>((done) => {
    const timer = setTimeout(done, LONGEST_BUILD)
    const finish = (): void => {
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
    // The lines that explain an error are indented below it.
    isWithinError = line.includes('error TS') || (isWithinError && /^\s+\S/.test(line))
    if (isWithinError) log('error', line)
    if (WATCHING.test(line)) watching()
  })
}
