import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { execPath } from 'node:process'
import { promisify } from 'node:util'

const KONG_TS = join(dirname(createRequire(import.meta.url).resolve('@kong-ts/cli/package.json')), 'bin/kong-ts.js')

/** Bundles a built plugin server into one file, as its author would. */
export async function bundle(input: string, file: string): Promise<void> {
  await promisify(execFile)(execPath, [KONG_TS, 'build', input, '--minify', '--out', file])
}
