import { execFile } from 'node:child_process'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const PACKAGES: Readonly<Record<string, string>> = {
  '@kong-ts': at('../node_modules/@kong-ts'),
  '@types/node': at('../../../node_modules/@types/node'),
  'class-validator': at('../../../examples/request-guard/node_modules/class-validator'),
}

/** Copies a fixture to `folder`, where it finds the packages that a plugin of its own has installed, and compiles it. */
export async function buildFixture(name: string, folder: string): Promise<void> {
  await cp(at(`fixtures/${name}`), folder, { recursive: true })
  for (const [dependency, path] of Object.entries(PACKAGES)) {
    const link = join(folder, 'node_modules', dependency)
    await mkdir(dirname(link), { recursive: true })
    await symlink(path, link)
  }
  await promisify(execFile)(at('../../../node_modules/.bin/tsc'), ['-p', folder])
}
