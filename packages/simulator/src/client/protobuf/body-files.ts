import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The bodies that nginx would have on disk, for plugin servers that are told a path instead of the content. */
export class BodyFiles {
  private readonly paths: string[] = []

  constructor(private readonly folder: string) {}

  /** Writes a body, readable for this user alone. @returns its path. */
  write(content: Uint8Array): string {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    const path = join(this.folder, randomUUID())
    writeFileSync(path, content, { mode: 0o600 })
    this.paths.push(path)
    return path
  }

  /** Removes the bodies written so far. */
  remove(): void {
    for (const path of this.paths.splice(0)) rmSync(path, { force: true })
  }
}
