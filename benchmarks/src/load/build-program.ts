import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BENCHMARKS_FOLDER } from '../machine/benchmarks-folder.js'

/**
 * Compiles the C files of a folder of this package into one program, if the program is older than one of them.
 *
 * @returns the path of the program.
 */
export function buildProgram(folder: 'load-client' | 'start-time'): string {
  const sources = join(BENCHMARKS_FOLDER, folder)
  const files = readdirSync(sources).map((name) => join(sources, name))
  const target = join(BENCHMARKS_FOLDER, 'dist', 'bin', folder)
  const built = statSync(target, { throwIfNoEntry: false })
  if (built !== undefined && files.every((file) => statSync(file).mtimeMs < built.mtimeMs)) return target
  mkdirSync(join(target, '..'), { recursive: true })
  const compiled = spawnSync(
    'gcc',
    ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-o', target, ...files.filter((file) => file.endsWith('.c'))],
    { encoding: 'utf8' },
  )
  if (compiled.error !== undefined)
    throw new Error('gcc cannot be run: the benchmarks need a C compiler (Debian: apt-get install gcc libc6-dev)', {
      cause: compiled.error,
    })
  if (compiled.status !== 0) throw new Error(`${folder} does not compile:\n${compiled.stderr}`)
  return target
}
