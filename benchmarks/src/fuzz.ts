#!/usr/bin/env node
import { runFuzz } from './fuzz/run-fuzz.js'
import { numberOption } from './number-option.js'

/** `npm run fuzz [-- --runs 20000 --seed 1]`: hostile bytes over real sockets; fails when another connection is disturbed or something is left. */
const runs = numberOption('runs', 20_000)
const seed = process.argv.includes('--seed') ? numberOption('seed', 1) : undefined
const began = performance.now()
const counters = await runFuzz({ runs, seed })
console.log(counters)
const left = counters.liveEvents + counters.connections + counters.bufferedBytes
console.log(
  `${runs} hostile connections in ${Math.round((performance.now() - began) / 1000)} s: ${left === 0 ? 'nothing left, nobody disturbed' : 'something is left'}`,
)
process.exitCode = left === 0 ? 0 : 1
