import { execFile } from 'node:child_process'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const run = promisify(execFile)

/** The checkout that is tested. */
export const CHECKOUT = at('../../..')

const PACKAGES: Readonly<Record<string, string>> = {
  '@kong-ts': at('../node_modules/@kong-ts'),
  '@types/node': at('../../../node_modules/@types/node'),
  'class-validator': at('../node_modules/class-validator'),
  vitest: at('../../../node_modules/vitest'),
}

/** Puts the packages of a plugin where an installation would have put them, without asking a registry. */
export async function installPackages(folder: string): Promise<void> {
  for (const [dependency, path] of Object.entries(PACKAGES)) {
    const link = join(folder, 'node_modules', dependency)
    await mkdir(dirname(link), { recursive: true })
    await symlink(path, link)
  }
  await mkdir(join(folder, 'node_modules/.bin'))
  await writeFile(join(folder, 'node_modules/.bin/tsc'), `#!/bin/sh\nexec ${at('../../../node_modules/.bin/tsc')} "$@"\n`, { mode: 0o755 })
}

/** Compiles a plugin, or type-checks its tests. @throws with what the compiler says. */
export async function compile(folder: string): Promise<void> {
  await run(at('../../../node_modules/.bin/tsc'), ['-p', folder])
}

/** Runs the tests of a plugin. @throws when one fails. */
export async function runTests(folder: string): Promise<string> {
  // Variables of the vitest that runs this would make the other one a part of it.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
  const { stdout } = await run(process.execPath, [at('../../../node_modules/vitest/vitest.mjs'), 'run'], {
    cwd: folder,
    env: { ...env, NO_COLOR: '1' },
  })
  return stdout
}

/** Copies a fixture to `folder`, installs its packages, and compiles it. */
export async function buildFixture(name: string, folder: string): Promise<void> {
  await cp(at(`fixtures/${name}`), folder, { recursive: true })
  await installPackages(folder)
  await compile(folder)
}
