import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LuaTable, type LuaValue } from '../../kong/index.js'

/**
 * The files of one event for request bodies that nginx has spilled: plugin servers are told their paths, and they vanish with the event.
 */
export class BodyFiles {
  private readonly paths: string[] = []

  /** Writes a body to a file. @returns the answer to `kong.request.get_raw_body` that gives its path. */
  async answerFor(body: LuaValue): Promise<LuaTable> {
    const path = join(tmpdir(), `kong-ts-body-${randomUUID()}`)
    this.paths.push(path)
    await writeFile(path, body instanceof Uint8Array ? body : Buffer.from(String(body), 'latin1'), { flag: 'wx', mode: 0o600 })
    return LuaTable.record([['body_filepath', path]])
  }

  async remove(): Promise<void> {
    await Promise.all(this.paths.splice(0).map((path) => rm(path, { force: true })))
  }
}
