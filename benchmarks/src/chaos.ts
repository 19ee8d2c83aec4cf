#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { runChaos } from './chaos/run-chaos.js'
import { numberOption } from './number-option.js'

/** `npm run chaos [-- --seconds 60]`: kills, reloads, slow and aborted requests; fails when a request got what it must not get, or something is left. */
const seconds = numberOption('seconds', 60)
const report = await runChaos({
  seconds,
  clients: numberOption('clients', 16),
  script: fileURLToPath(new URL('chaos/chaos-server.js', import.meta.url)),
  progress: console.log,
})
console.log(report)
const problems = [...report.faults]
const { liveEvents, liveInstances } = report.counters
if (liveEvents > 0) problems.push(`${liveEvents} events left`)
if (liveInstances > 0) problems.push(`${liveInstances} instances left`)
for (const recovery of report.recoveries) if (recovery > 2000) problems.push(`${recovery} ms until requests were guarded again`)
console.log(
  problems.length === 0
    ? `${report.certain} of ${report.requests} requests ran under a live server, each with the outcome its handler meant`
    : problems.join('\n'),
)
process.exitCode = problems.length === 0 ? 0 : 1
