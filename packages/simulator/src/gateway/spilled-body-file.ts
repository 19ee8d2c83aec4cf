import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { KongTransaction } from '../model/index.js'

/** The temporary file of one request's body, for plugins that ask nginx for its path (`$request_body_file`) and read it. */
export class SpilledBodyFile {
  private path: string | undefined

  /** Writes the file once nginx would have; readable for this user alone. */
  keep(transaction: Pick<KongTransaction, 'spilledBody'>): void {
    const body = this.path === undefined ? transaction.spilledBody : undefined
    if (body === undefined) return
    mkdirSync(dirname(body.path), { recursive: true, mode: 0o700 })
    writeFileSync(body.path, body.content, { mode: 0o600 })
    this.path = body.path
  }

  remove(): void {
    if (this.path !== undefined) rmSync(this.path, { force: true })
  }
}
