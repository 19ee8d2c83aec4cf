import { PdkArgumentError } from '@kong-ts/core'
import type { ArgumentShape } from './argument-shapes.js'
import type { FrameWriter } from './frame-writer.js'
import type { MessageCodec } from './message-codec.js'
import { missingCall, replaceCall } from './missing-calls.js'
import { RPC_TABLE } from './rpc-table.js'
import type { Refuse } from './value-message.js'

/** Reads the answer to a call. Throws when the bytes are not an answer, or when the answer is an error. */
export type ReadResult = (bytes: Buffer) => unknown

/** A method, with everything that is the same for all its calls. */
interface ReadyMethod {
  /** Its name as a frame. */
  readonly frame: Buffer
  readonly takes: ArgumentShape
  readonly read: ReadResult
  readonly refuse: Refuse
}

/** PDK calls to frames, and the frames that answer them to results. */
export class PdkCodec {
  readonly #messages: MessageCodec
  readonly #methods: ReadonlyMap<string, ReadyMethod>

  constructor(messages: MessageCodec) {
    this.#messages = messages
    this.#methods = new Map(
      Array.from(RPC_TABLE, ([method, { takes, gives }]) => [
        method,
        { frame: frameOf(method), takes, read: (bytes) => gives.read(messages, bytes), refuse: refusalOf(method) },
      ]),
    )
  }

  /**
   * Writes the two frames of a call: its name, and the message of its arguments.
   *
   * @returns what reads the frame that answers it.
   * @throws PdkProtocolError, PdkArgumentError when the protocol cannot carry the call.
   */
  writeCall(writer: FrameWriter, method: string, args: readonly unknown[]): ReadResult {
    const replacement = replaceCall(method, args)
    const ready = this.#methods.get(replacement?.method ?? method)
    if (ready === undefined) throw missingCall(method)
    writer.raw(ready.frame)
    const frame = writer.openFrame()
    ready.takes.write(this.#messages, writer, replacement?.args ?? args, replacement === undefined ? ready.refuse : refusalOf(method))
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
