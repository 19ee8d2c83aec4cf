import { Socket } from 'node:net'

/** A socket whose other end is nowhere: keeps a copy of the last bytes written to it. */
export class SilentSocket extends Socket {
  written: Buffer = Buffer.alloc(0)
  writes = 0

  override write(bytes: Uint8Array | string): boolean {
    this.written = Buffer.from(bytes)
    this.writes++
    return true
  }
}
