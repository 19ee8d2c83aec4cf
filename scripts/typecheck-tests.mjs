// Type-checks every folder of tests and micro-benchmarks with the compiler settings of the sources it tests. `tsc -b` covers only what is built.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const roots = ['packages', 'examples'].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
const projects = [...roots, 'benchmarks']
  .flatMap((root) => [join(root, 'test'), join(root, 'bench')])
  .filter((test) => existsSync(join(test, 'tsconfig.json')) && readdirSync(test, { recursive: true }).some((file) => file.endsWith('.ts')))
if (projects.length === 0) {
  console.error('typecheck-tests: no test/tsconfig.json found, so nothing was checked')
  process.exit(1)
}
let failed = 0
for (const project of projects) {
  const { status } = spawnSync(join('node_modules', '.bin', 'tsc'), ['-p', project], { stdio: 'inherit' })
  if (status !== 0) failed++
}
console.log(`typecheck-tests: ${projects.length} projects checked, ${failed} with errors`)
process.exit(failed === 0 ? 0 : 1)
