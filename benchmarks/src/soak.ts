#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { numberOption } from './number-option.js'
import { runSoak } from './soak/run-soak.js'

/** `npm run soak [-- --events 1000000]`: every kind of event, many times; fails when something is left or memory grows. */
const events = numberOption('events', 1_000_000)
const connections = numberOption('connections', 64)
const report = await runSoak({
  events,
  connections,
  abandonedAfter: 10_000,
  script: fileURLToPath(new URL('soak/soak-server.js', import.meta.url)),
  progress: console.log,
})
const { liveEvents, liveInstances, livePlugins, bufferedBytes } = report.counters
console.log(report)
const problems: string[] = []
for (const [name, left] of Object.entries({ liveEvents, liveInstances, livePlugins, bufferedBytes }))
  if (left > 0) problems.push(`${left} ${name} left`)
// The first tenths warm up: code is compiled, buffers reach their size.
const early = Math.max(...report.memory.slice(1, 4))
const late = Math.max(...report.memory.slice(-2))
if (late > early * 1.15 + 8) problems.push(`memory grew from ${early} to ${late} MiB`)
console.log(problems.length === 0 ? `flat: ${early} MiB early, ${late} MiB at the end, nothing left` : problems.join(', '))
process.exitCode = problems.length === 0 ? 0 : 1
