// Checks the rules of .dependency-cruiser.cjs, the stair of folders in each package, what a running plugin server loads, and file sizes.
// Fails when it looked at nothing: a cruise without a TypeScript parser finds 0 modules and calls that a success.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const MAX_LINES = 400
/** Tables of data are as long as their data. */
const DATA_TABLES = new Set([])

const folders = [...readdirSync('packages').map((name) => `packages/${name}/src`), 'benchmarks/src']
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name)),
)

const { modules, summary } = cruise()
const imports = modules.flatMap(({ source, dependencies }) =>
  dependencies.map(({ resolved, dependencyTypes, dynamic }) => ({
    from: source,
    to: resolved,
    atRunTime: !dependencyTypes.includes('type-only'),
    dynamic,
  })),
)
const sizes = files.map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 })).sort((a, b) => a.lines - b.lines)

const problems = [
  ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  ...uncheckedFiles(),
  ...folders.flatMap(circlesOfFolders),
  ...schemaOnServingPath(),
  ...architectureIsTrue(),
  ...sizes
    .filter(({ file, lines }) => lines > MAX_LINES && !DATA_TABLES.has(file))
    .map(({ file, lines }) => `file-size: ${file} has ${lines} lines (at most ${MAX_LINES}): split it by what it is for`),
]

for (const problem of problems) console.error(problem)
console.log(`boundaries: ${modules.length} modules, ${imports.length} imports checked, ${problems.length} problems`)
const largest = sizes.at(-1)
console.log(`${sizes.length} source files, median ${sizes[sizes.length >> 1]?.lines} lines, largest ${largest?.lines} (${largest?.file})`)
process.exit(problems.length === 0 && files.length > 0 && imports.length > 0 ? 0 : 1)

function cruise() {
  const run = spawnSync(
    join('node_modules', '.bin', 'depcruise'),
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders, 'examples', 'benchmarks'],
    { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  )
  if (run.error) throw run.error
  try {
    return JSON.parse(run.stdout)
  } catch {
    console.error(`boundaries: dependency-cruiser gave no result\n${run.stderr}`)
    process.exit(1)
  }
}

function uncheckedFiles() {
  const seen = new Set(modules.map(({ source }) => source))
  return files.filter((file) => !seen.has(file)).map((file) => `not-checked: ${file} was not seen by dependency-cruiser`)
}

/**
 * Folders form a stair: no folder imports one that imports it, directly or by way of others, types included. A folder counts with all that is in
 * it; beside its subfolders its own files count as one more ("."), so that a folder and its subfolder do not import each other either.
 */
function circlesOfFolders(root) {
  const inside = imports.filter(({ from, to }) => from.startsWith(`${root}/`) && to.startsWith(`${root}/`))
  const parents = new Set(inside.flatMap(({ from, to }) => [...foldersOf(from, root), ...foldersOf(to, root)]))
  return [...parents].sort().flatMap((parent) => {
    const steps = new Map()
    for (const one of inside) {
      if (!one.from.startsWith(`${parent}/`) || !one.to.startsWith(`${parent}/`)) continue
      const [from, to] = [stepOf(one.from, parent), stepOf(one.to, parent)]
      if (from === to) continue
      if (!steps.has(from)) steps.set(from, new Map())
      if (!steps.get(from).has(to)) steps.get(from).set(to, one)
    }
    return circlesOf(steps).map((circle) => {
      const among = circle.flatMap((from) => [...(steps.get(from) ?? [])].filter(([to]) => circle.includes(to)))
      const examples = among.map(([, { from, to }]) => `\n    ${from} → ${to}`)
      return `no-circular-folders: in ${parent} these import each other: ${circle.sort().join(', ')}. One import of each kind:${examples.join('')}`
    })
  })
}

/** The folders a file lies in, from its own up to the package's sources. */
function foldersOf(file, root) {
  const found = []
  for (let folder = file; folder.length > root.length; ) {
    folder = folder.slice(0, folder.lastIndexOf('/'))
    found.push(folder)
  }
  return found
}

/** The subfolder of `parent` that a file lies in, "." for a file of `parent` itself. */
function stepOf(file, parent) {
  const [first, ...rest] = file.slice(parent.length + 1).split('/')
  return rest.length === 0 ? '.' : first
}

/** Groups of nodes of which each reaches each other. */
function circlesOf(graph) {
  const reached = new Map([...graph.keys()].map((start) => [start, reachedFrom(start, (node) => [...(graph.get(node)?.keys() ?? [])])]))
  const groups = new Map()
  for (const [node, nodes] of reached) {
    if (!nodes.has(node)) continue
    const group = [...nodes.keys()].filter((other) => reached.get(other)?.has(node)).sort()
    groups.set(group.join(), group)
  }
  return [...groups.values()]
}

/** What can be reached in one step or more; value: the node before it. */
function reachedFrom(start, next) {
  const reached = new Map()
  const waiting = [start]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const to of next(node)) {
      if (reached.has(to)) continue
      reached.set(to, node)
      waiting.push(to)
    }
  }
  return reached
}

/**
 * A running plugin server holds no configuration against the emulator of Kong's validation, so it does not load it: what the entries of core and
 * the files of runtime import at run time never leads to @kong-ts/schema or @kong-ts/core/tooling. Only -dump loads them, with `import()`.
 */
function schemaOnServingPath() {
  const DUMP = 'packages/runtime/src/dump/'
  const TOOLING = 'packages/core/src/tooling.ts'
  function forbidden(file) {
    return file.startsWith('packages/schema/') || file === TOOLING
  }
  const loaded = new Map()
  for (const { from, to, atRunTime, dynamic } of imports) {
    const whenDumping = dynamic && from.startsWith('packages/runtime/') && (to.startsWith(DUMP) || to === TOOLING)
    if (atRunTime && !whenDumping) loaded.set(from, [...(loaded.get(from) ?? []), to])
  }
  const entries = [
    'packages/core/src/index.ts',
    'packages/core/src/server.ts',
    ...files.filter((file) => file.startsWith('packages/runtime/src/') && !file.startsWith(DUMP)),
  ]
  const found = new Map()
  for (const entry of entries) {
    if (!files.includes(entry)) found.set(entry, `serving-path: ${entry} does not exist, so what it loads was not checked`)
    const before = reachedFrom(entry, (file) => (forbidden(file) ? [] : (loaded.get(file) ?? [])))
    for (const [file, importer] of before) {
      const step = `${importer} → ${file}`
      if (forbidden(file) && !found.has(step)) found.set(step, `serving-path: ${step}, reached from ${entry}`)
    }
  }
  return [...found.values()]
}

/** The tables of ARCHITECTURE.md list every folder of a package, from the bottom of the stair up: each imports only folders of earlier rows, or of its own. */
function architectureIsTrue() {
  const text = readFileSync('ARCHITECTURE.md', 'utf8')
  return folders.flatMap((root) => {
    const name = root.split('/')[1]
    const section = new RegExp(`^### ${name}\n(.*?)(?=^##)`, 'ms').exec(text)?.[1]
    if (section === undefined) return root.startsWith('packages/') ? [`architecture: ARCHITECTURE.md has no table of ${name}`] : []
    const rows = new Map(
      [...section.matchAll(/^\|((?: `[\w/-]+`,?)+) \|/gm)].flatMap(([, cell], row) =>
        [...cell.matchAll(/`([\w/-]+)`/g)].map(([, folder]) => [`${root}/${folder}`, row]),
      ),
    )
    const rowOf = (file) => foldersOf(file, root).flatMap((folder) => rows.get(folder) ?? [])[0]
    const isEntry = (file) => foldersOf(file, root)[0] === root || file.endsWith('/index.ts')
    const used = new Set(files.filter((file) => file.startsWith(`${root}/`) && !isEntry(file)).map((file) => foldersOf(file, root)[0]))
    const empty = [...rows.keys()].filter((folder) => !files.some((file) => file.startsWith(`${folder}/`)))
    return [
      ...empty.map((folder) => `architecture: ${folder} is in ARCHITECTURE.md, but not in the tree`),
      ...[...used]
        .filter((folder) => rowOf(`${folder}/x`) === undefined)
        .map((folder) => `architecture: ${folder} is not in ARCHITECTURE.md`),
      ...imports
        .filter(({ from, to }) => rowOf(from) < rowOf(to) && from.startsWith(`${root}/`) && to.startsWith(`${root}/`))
        .map(({ from, to }) => `architecture: ${from} → ${to}, which is further down in the table of ${name}`),
    ]
  })
}
