import { open, type FileHandle } from 'node:fs/promises'
import { Field, Log, Plugin, type PhasePDK } from '@kong-ts/core'

/** Writes what Kong knows of each request as one line of JSON to a file. */
@Plugin('1.0.0', 9)
export class FileLog {
  /** Where to write; the file is made when it does not exist. */
  @Field('my_file_path') path!: string
  /** Open the file anew for each request, so that a rotated file is followed. */
  @Field() reopen = false

  #file: Promise<FileHandle> | undefined

  @Log()
  async log(kong: PhasePDK<'log'>): Promise<void> {
    const line = `${JSON.stringify(await kong.log.serialize())}\n`
    if (this.reopen) await this.onClose()
    this.#file ??= open(this.path, 'a', 0o640)
    const file = await this.#file
    // One write per line: lines of requests that end at the same time do not mix.
    await file.write(line)
  }

  async onClose(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await (await file)?.close()
  }
}
