import type { FrameWriter } from './frame-writer.js'
import { mapCall } from './mapped-calls.js'
import type { MessageTypes } from './message-types.js'
import { missingCall } from './missing-calls.js'
import { RPC_TABLE, type Rpc } from './rpc-table.js'

/** Reads the answer to a call. Throws for bytes that are no answer, or an answer that is an error. */
export type ReadResult = (bytes: Buffer) => unknown

/** PDK calls to frames, and the frames that answer them to results. */
export class PdkCodec {
  readonly #types: MessageTypes
  readonly #methodFrames = new Map<string, Buffer>()

  constructor(types: MessageTypes) {
    this.#types = types
  }

  /**
   * Writes the two frames of a call: its name, and the message of its arguments.
   *
   * @returns what reads the frame that answers it.
   * @throws PdkProtocolError, PdkArgumentError for a call that cannot be carried.
   */
  writeCall(writer: FrameWriter, method: string, args: readonly unknown[]): ReadResult {
    const call = mapCall(method, args)
    const rpc = RPC_TABLE.get(call.method)
    if (rpc === undefined) throw missingCall(method)
    writer.raw(this.#methodFrame(call.method))
    const frame = writer.openFrame()
    rpc.takes.write(this.#types, writer, method, call.args)
    writer.closeFrame(frame)
    return this.#reader(rpc, call.convert)
  }

  #reader({ gives }: Rpc, convert: ((result: unknown) => unknown) | undefined): ReadResult {
    const types = this.#types
    return convert === undefined ? (bytes) => gives.read(types, bytes) : (bytes) => convert(gives.read(types, bytes))
  }

  #methodFrame(method: string): Buffer {
    let frame = this.#methodFrames.get(method)
    if (frame === undefined) {
      frame = Buffer.from(`\0\0\0\0${method}`, 'latin1')
      frame.writeUInt32LE(method.length, 0)
      this.#methodFrames.set(method, frame)
    }
    return frame
  }
}
