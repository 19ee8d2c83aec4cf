#!/usr/bin/env node
// Stands outside of dist, so that a package manager can link the command before anything is built.
import { existsSync } from 'node:fs'

if (existsSync(new URL('../dist/main.js', import.meta.url))) await import('../dist/main.js')
else {
  process.stderr.write('kong-ts: not built yet: run `npm run build` at the root of the repository\n')
  process.exitCode = 1
}
