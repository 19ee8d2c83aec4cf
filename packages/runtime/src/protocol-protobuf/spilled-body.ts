import { open } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { PdkBodyError } from '@kong-ts/core'

/** A request body that nginx has written to a file. Kong gives its path. */
export class SpilledBody {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /**
   * Reads the file. Kong starts plugin servers as its own user, so the server may read it.
   *
   * @param limit largest size, in bytes.
   * @throws PdkBodyError when the file cannot be read or is larger.
   */
  async read(limit: number): Promise<Uint8Array> {
    if (!isAbsolute(this.path)) throw unreadable(this.path, 'its path is not absolute')
    try {
      const file = await open(this.path, 'r')
      try {
        const { size } = await file.stat()
        if (size > limit)
          throw new PdkBodyError(
            `the request body has ${size} bytes, more than ${limit}: refuse such requests with 413, or raise the limit of messages`,
          )
        return new Uint8Array(await file.readFile())
      } finally {
        await file.close()
      }
    } catch (cause) {
      throw cause instanceof PdkBodyError ? cause : unreadable(this.path, cause instanceof Error ? cause.message : String(cause))
    }
  }
}

function unreadable(path: string, reason: string): PdkBodyError {
  return new PdkBodyError(
    `nginx wrote the request body to ${path}, which this server cannot read (${reason}): run it as Kong's user on Kong's file system, ` +
      'or raise nginx_http_client_body_buffer_size in kong.conf',
  )
}
