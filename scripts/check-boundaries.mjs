// Package boundaries (who may import whom), no circular imports, and file sizes.
// Fails when it looked at nothing: a cruise without a TypeScript parser finds 0 modules and calls that a success.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const sources = readdirSync('packages').map((name) => join('packages', name, 'src'))
const files = sources.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name)),
)

const cruise = spawnSync(
  join('node_modules', '.bin', 'depcruise'),
  ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...sources, 'examples', 'benchmarks'],
  {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  },
)
if (cruise.error) throw cruise.error
let result
try {
  result = JSON.parse(cruise.stdout)
} catch {
  console.error(`boundaries: dependency-cruiser gave no result\n${cruise.stderr}`)
  process.exit(1)
}
const problems = result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)

const cruised = new Set(result.modules.map(({ source }) => source))
for (const file of files) if (!cruised.has(file)) problems.push(`not-checked: ${file} was not seen by dependency-cruiser`)

const MAX_LINES = 500
for (const file of files) {
  if (file.includes('/gen/')) continue
  const lines = readFileSync(file, 'utf8').split('\n').length - 1
  if (lines > MAX_LINES) problems.push(`file-size: ${file} has ${lines} lines (at most ${MAX_LINES}): split it by what it is for`)
}

for (const problem of problems) console.error(problem)
console.log(`boundaries: ${cruised.size} modules, ${result.summary.totalDependenciesCruised} imports checked, ${problems.length} problems`)
process.exit(problems.length === 0 && files.length > 0 ? 0 : 1)
