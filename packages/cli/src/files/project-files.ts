import { existsSync, readdirSync, statSync, type Dirent } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The nearest folder at or above `folder` that contains `name`; `undefined` when none does. */
export function findUp(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) return folder
  const parent = dirname(folder)
  return parent === folder ? undefined : findUp(parent, name)
}

/** The newest source file, if it is newer than everything in the folder of the built script. `undefined` when the build is up to date, or there is no `src` beside that folder. */
export function findStaleSource(script: string): string | undefined {
  const output = dirname(resolve(script))
  const built = newest(output, '.js')
  const source = newest(join(dirname(output), 'src'), '.ts')
  return source !== undefined && built !== undefined && source.time > built.time ? source.file : undefined
}

function newest(folder: string, ending: string): { readonly file: string; readonly time: number } | undefined {
  let found: { readonly file: string; readonly time: number } | undefined
  for (const entry of filesIn(folder)) {
    if (!entry.isFile() || !entry.name.endsWith(ending)) continue
    const file = join(entry.parentPath, entry.name)
    const time = statSync(file).mtimeMs
    if (found === undefined || time > found.time) found = { file, time }
  }
  return found
}

function filesIn(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch {
    return []
  }
}
