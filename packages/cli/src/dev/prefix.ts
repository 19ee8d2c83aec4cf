import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for sockets that lives as long as the command. It is in the system's temporary folder because the path of a socket may have 107 bytes only. */
export async function createPrefix(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'kong-ts-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
