import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { BENCHMARKS_FOLDER } from './benchmarks-folder.js'
import { CAN_PIN } from './child-process.js'

/** The machine and the versions of a measurement. */
export interface Machine {
  readonly date: string
  readonly processor: string
  readonly cores: number
  readonly memoryGiB: number
  readonly kernel: string
  readonly node: string
  readonly kongPdk: string
  readonly commit: string
  readonly pinned: boolean
  /** Before the measurement. Above 0.5 the machine was not idle. */
  readonly loadAverage: number
}

export function describeMachine(): Machine {
  const processors = cpus()
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    processor: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    kongPdk: versionOf('kong-pdk'),
    commit: commitOf(BENCHMARKS_FOLDER),
    pinned: CAN_PIN,
    loadAverage: loadavg()[0] ?? 0,
  }
}

/** One paragraph under a table. */
export function machineText(machine: Machine): string {
  const pinning = machine.pinned ? 'server on CPU 0, load client on CPU 1' : 'processes not bound to cores'
  const busy =
    machine.loadAverage > 0.5
      ? ` **The machine was not idle** (load average ${machine.loadAverage.toFixed(1)} before the run): read the ratios, not the numbers.`
      : ''
  return `${machine.date} UTC, ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, node ${machine.node}, kong-pdk ${machine.kongPdk}, kong-ts at ${machine.commit}; ${pinning}.${busy}`
}

function versionOf(name: string): string {
  const manifest: unknown = JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`${name}/package.json`), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
}

function commitOf(folder: string): string {
  const { stdout, status } = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: join(folder), encoding: 'utf8' })
  return status === 0 ? stdout.trim() : 'no commit'
}
