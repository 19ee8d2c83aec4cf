#!/usr/bin/env node
import { measureColdStart } from './cold-start/cold-start-report.js'
import { HELP, readCommandLine, type BenchOptions } from './command-line.js'
import { compareReport } from './compare/compare-report.js'
import { takeSamples, type SamplePlan } from './compare/take-samples.js'
import { CAN_PIN } from './machine/child-process.js'
import { describeMachine } from './machine/machine.js'
import { measureMemory } from './memory/memory-report.js'
import { writeResults, writeToReadme, type Report } from './report/write-results.js'
import { OWN, knownServers } from './servers/known-servers.js'

function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}

async function* reports(options: BenchOptions): AsyncGenerator<Report> {
  const machine = describeMachine()
  const { parts, servers, workloads, connections, rounds, seconds, warmUp } = options
  if (parts.has('compare')) {
    const plan: SamplePlan = { servers, workloads, connections, rounds, length: { seconds, warmUp } }
    yield compareReport(await takeSamples(plan, progress), plan, machine)
  }
  if (parts.has('memory')) {
    const own = servers.filter(({ name }) => name.startsWith(OWN.name))
    yield await measureMemory(own, options.events, machine, progress)
  }
  if (parts.has('cold-start')) yield await measureColdStart(options.times, machine, progress)
}

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2), knownServers())
  if (options === undefined) {
    process.stdout.write(`${HELP}\n`)
    return
  }
  if (!CAN_PIN) progress('processes cannot be bound to cores here: expect noise')
  for await (const report of reports(options)) {
    process.stdout.write(`${report.text}\n`)
    for (const path of await writeResults(report)) progress(`wrote ${path}`)
    if (options.writeReadme) await writeToReadme(report)
  }
}

// Ends the processes that were started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

try {
  await main()
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
