import { PdkArgumentError } from '@kong-ts/core'
import type { ArgumentShape } from './argument-shapes.js'
import type { FrameWriter } from './frame-writer.js'
import type { Refuse } from './lua-value.js'
import { mapCall } from './mapped-calls.js'
import type { MessageTypes } from './message-types.js'
import { missingCall } from './missing-calls.js'
import { RPC_TABLE } from './rpc-table.js'

/** Reads the answer to a call. Throws for bytes that are no answer, or an answer that is an error. */
export type ReadResult = (bytes: Buffer) => unknown

/** A method with what can be made ready for all its calls. */
interface ReadyMethod {
  /** Its name as a frame. */
  readonly frame: Buffer
  readonly takes: ArgumentShape
  readonly read: ReadResult
  readonly refuse: Refuse
}

/** PDK calls to frames, and the frames that answer them to results. */
export class PdkCodec {
  readonly #types: MessageTypes
  readonly #methods: ReadonlyMap<string, ReadyMethod>

  constructor(types: MessageTypes) {
    this.#types = types
    this.#methods = new Map(
      Array.from(RPC_TABLE, ([method, { takes, gives }]) => [
        method,
        { frame: frameOf(method), takes, read: (bytes) => gives.read(types, bytes), refuse: refusalOf(method) },
      ]),
    )
  }

  /**
   * Writes the two frames of a call: its name, and the message of its arguments.
   *
   * @returns what reads the frame that answers it.
   * @throws PdkProtocolError, PdkArgumentError for a call that cannot be carried.
   */
  writeCall(writer: FrameWriter, method: string, args: readonly unknown[]): ReadResult {
    const replacement = mapCall(method, args)
    const ready = this.#methods.get(replacement?.method ?? method)
    if (ready === undefined) throw missingCall(method)
    writer.raw(ready.frame)
    const frame = writer.openFrame()
    ready.takes.write(this.#types, writer, replacement?.args ?? args, replacement === undefined ? ready.refuse : refusalOf(method))
    writer.closeFrame(frame)
    const convert = replacement?.convert
    return convert === undefined ? ready.read : (bytes) => convert(ready.read(bytes))
  }
}

function refusalOf(method: string): Refuse {
  return (argument, rule) => {
    throw new PdkArgumentError(method, argument, rule)
  }
}

function frameOf(method: string): Buffer {
  const frame = Buffer.from(`\0\0\0\0${method}`, 'latin1')
  frame.writeUInt32LE(method.length, 0)
  return frame
}
