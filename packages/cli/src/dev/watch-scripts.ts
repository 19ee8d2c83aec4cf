import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { GatewayLog } from '@kong-ts/testing/gateway'
import { findUp } from '../files/find-up.js'

/** A build writes many files: what follows within this time (ms) is the same change. */
const SETTLED = 250

/** Ends the watching. */
export interface Watching {
  close(): void
}

/**
 * Rebuilds plugins when their sources change (`tsc --build --watch` of the project they belong to) and tells which script's output has changed.
 *
 * @param changed is called with the script, once per change.
 */
export function watchScripts(scripts: readonly string[], log: GatewayLog, changed: (script: string) => void): Watching {
  const watchers = scripts.map((script) => watchOutput(script, () => changed(script)))
  const projects = new Set(scripts.map(findProject).filter((project) => project !== undefined))
  const compilers = [...projects].map((project) => startCompiler(project, log))
  return {
    close() {
      for (const watcher of watchers) watcher.close()
      for (const compiler of compilers) compiler?.kill()
    },
  }
}

function watchOutput(script: string, changed: () => void): Watching {
  let timer: NodeJS.Timeout | undefined
  return watch(dirname(resolve(script)), { recursive: true }, (_event, file) => {
    if (file === null || !file.endsWith('.js')) return
    clearTimeout(timer)
    timer = setTimeout(changed, SETTLED)
  })
}

/** The folder of the nearest tsconfig.json above a script. */
function findProject(script: string): string | undefined {
  return findUp(dirname(resolve(script)), 'tsconfig.json')
}

function startCompiler(project: string, log: GatewayLog): { kill(): unknown } | undefined {
  const found = findUp(project, join('node_modules', '.bin', 'tsc'))
  if (found === undefined) {
    log('warn', `${project}: no TypeScript compiler found, so sources are not rebuilt: install typescript there, or build by yourself`)
    return undefined
  }
  const child = spawn(join(found, 'node_modules', '.bin', 'tsc'), ['--build', '--watch', '--preserveWatchOutput', project], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The command is a script around the compiler: only as a group do both end together.
    detached: true,
  })
  child.stdout.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n')) if (line.includes('error TS')) log('error', line)
  })
  child.on('error', (error) => log('error', `tsc cannot be started: ${error.message}`))
  return { kill: () => child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, 'SIGTERM') }
}
