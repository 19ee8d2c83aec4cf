import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BENCHMARKS_FOLDER } from '../machine/benchmarks-folder.js'

const RESULTS = join(BENCHMARKS_FOLDER, 'results')
const REPOSITORY = join(BENCHMARKS_FOLDER, '..', '/')

/** The parts of the results. Each has its own files and its own place in the README. */
export type ReportName = 'compare' | 'memory' | 'cold-start'

export interface Report {
  readonly name: ReportName
  /** Markdown, printed and written to the README. */
  readonly text: string
  /** All measurements. */
  readonly data: unknown
  readonly plots: Readonly<Record<string, string>>
}

/**
 * Writes `results/<name>.json` and the plots.
 *
 * @returns their paths.
 */
export async function writeResults({ name, data, plots }: Report): Promise<readonly string[]> {
  await mkdir(RESULTS, { recursive: true })
  // Results are published, so they do not name folders of this machine.
  const text = JSON.stringify(data, undefined, 1).replaceAll(BENCHMARKS_FOLDER, 'benchmarks/').replaceAll(REPOSITORY, '')
  const files = { [`${name}.json`]: `${text}\n`, ...plots }
  return Promise.all(
    Object.entries(files).map(async ([file, content]) => {
      const path = join(RESULTS, file)
      await writeFile(path, content)
      return path
    }),
  )
}

/**
 * Replaces the part of the README between `<!-- name -->` and `<!-- /name -->`.
 *
 * @throws Error when the README has no such part.
 */
export async function writeToReadme({ name, text }: Report): Promise<void> {
  const path = join(BENCHMARKS_FOLDER, 'README.md')
  const readme = await readFile(path, 'utf8')
  const [before, rest] = split(readme, `<!-- ${name} -->`)
  const [, after] = split(rest, `<!-- /${name} -->`)
  await writeFile(path, `${before}<!-- ${name} -->\n${text}\n<!-- /${name} -->${after}`)
}

function split(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark)
  if (at < 0) throw new Error(`benchmarks/README.md has no ${mark}`)
  return [text.slice(0, at), text.slice(at + mark.length)]
}
