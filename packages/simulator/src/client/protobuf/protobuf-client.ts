import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import {
  type EventOutcome,
  type InstanceId,
  KongRaise,
  type PluginServerClient,
  type RunPdkCall,
} from '../protocol/plugin-server-client.js'
import type { PooledSocket, ReadFailure, SocketPool } from '../protocol/socket-pool.js'
import { decodeMessage } from './decode-message.js'
import { encodeMessage } from './encode-message.js'
import { PDK_RPCS, type PdkRpc, RPC_CALL, RPC_RETURN } from './pdk-messages.js'
import { unwrapArguments, wrapResult } from './pdk-values.js'
import { BodyFiles, runPlainCall } from './run-plain-call.js'

export interface ProtobufClientOptions {
  readonly pool: SocketPool
  /** Longest wait for one read, in ms. */
  readonly timeoutMs: number
  /** Folder for bodies that nginx would have written to a file. */
  readonly bodyFolder: string
}

/** How the PDK calls of an event ended. In all cases but the first, the connection cannot be used again. */
type BridgeEnd = 'return follows' | EventOutcome

/**
 * Kong's side of ProtoBuf:1, as in Kong 3.9: each frame has its length before it. A call uses one connection from its start to its end.
 * Kong closes the connection when it does not answer a PDK call.
 */
export class ProtobufClient implements PluginServerClient {
  readonly #options: ProtobufClientOptions
  readonly failsClosed = true
  #calls = 0

  constructor(options: ProtobufClientOptions) {
    this.#options = options
  }

  async startInstance(plugin: string, config: string): Promise<{ id: InstanceId } | { error: string }> {
    const call = await this.#call(
      'cmd_start_instance',
      LuaTable.record([
        ['name', plugin],
        ['config', config],
      ]),
    )
    if (!(call instanceof LuaTable)) return { error: failureText(call) }
    const status = call.get('instance_status')
    if (!(status instanceof LuaTable)) throw new KongRaise("attempt to index field 'instance_status' (a nil value)")
    return { id: status.get('instance_id') }
  }

  async closeInstance(id: InstanceId): Promise<string | undefined> {
    const call = await this.#call('cmd_close_instance', LuaTable.record([['instance_id', id]]))
    return call instanceof LuaTable ? undefined : failureText(call)
  }

  async handleEvent(id: InstanceId, phase: string, run: RunPdkCall): Promise<EventOutcome> {
    const call = await this.#call(
      'cmd_handle_event',
      LuaTable.record([
        ['instance_id', id],
        ['event_name', phase],
      ]),
      run,
    )
    return call instanceof LuaTable ? { ended: 'returned' } : call
  }

  /** @returns the message that ended the call, or how the call ended without one. */
  async #call(command: string, parameter: LuaTable, run?: RunPdkCall): Promise<LuaTable | EventOutcome> {
    const sequence = ++this.#calls + 1
    let socket: PooledSocket
    try {
      socket = await this.#options.pool.take()
    } catch (error) {
      return { ended: 'failed', error: `connection refused: ${error instanceof Error ? error.message : String(error)}` }
    }
    const files = new BodyFiles(this.#options.bodyFolder)
    try {
      const reader = new FrameReader(socket, this.#options.timeoutMs)
      sendFrame(
        socket,
        encodeMessage(
          RPC_CALL,
          LuaTable.record([
            ['sequence', sequence],
            [command, parameter],
          ]),
        ),
      )
      const bridge = run === undefined ? 'return follows' : await this.#bridge(socket, reader, run, files)
      const answer = bridge === 'return follows' ? await readReturn(reader, sequence) : bridge
      if (answer instanceof LuaTable) this.#options.pool.keep(socket)
      else this.#options.pool.drop(socket)
      return answer
    } catch (error) {
      this.#options.pool.drop(socket)
      throw error
    } finally {
      files.remove()
    }
  }

  /** Answers PDK calls until the plugin server ends the event with an empty name. */
  async #bridge(socket: PooledSocket, reader: FrameReader, run: RunPdkCall, files: BodyFiles): Promise<BridgeEnd> {
    for (;;) {
      const name = await reader.frame()
      if (typeof name === 'string') return { ended: 'failed', error: name }
      if (name.length === 0) return 'return follows'
      const argument = await reader.frame()
      if (typeof argument === 'string') return { ended: 'failed', error: argument }
      const method = name.toString('latin1')
      const rpc = PDK_RPCS.get(method)
      if (rpc === undefined) return { ended: 'failed', error: `method "${method}" not found` }
      const outcome = await runPlainCall(run, method, unwrapArguments(rpc.input, decodeMessage(rpc.input, argument)), files)
      if (outcome.outcome === 'never') return { ended: 'never' }
      if (outcome.outcome !== 'answered') return { ended: 'dropped' }
      sendFrame(socket, replyBytes(rpc, outcome.value))
    }
  }
}

async function readReturn(reader: FrameReader, sequence: number): Promise<LuaTable | EventOutcome> {
  const frame = await reader.frame()
  if (typeof frame === 'string') return { ended: 'failed', error: frame }
  const answer = decodeMessage(RPC_RETURN, frame)
  if (answer.get('sequence') !== sequence) throw new KongRaise('assertion failed!')
  return answer
}

function replyBytes(rpc: PdkRpc, value: LuaValue): Buffer {
  const reply = wrapResult(rpc.output, value)
  return reply === undefined ? Buffer.alloc(0) : encodeMessage(rpc.output, reply)
}

function failureText(outcome: EventOutcome): string {
  return 'error' in outcome ? outcome.error : 'closed'
}

const LENGTH_BYTES = 4
const LARGEST_FRAME_BYTES = 1024 * 1024 * 1024

/** Reads frames of ProtoBuf:1 from one connection: a length of 32 bits, little-endian, and that many bytes. */
class FrameReader {
  readonly #socket: PooledSocket
  readonly #timeoutMs: number
  #buffer: Buffer = Buffer.alloc(0)

  constructor(socket: PooledSocket, timeoutMs: number) {
    this.#socket = socket
    this.#timeoutMs = timeoutMs
  }

  /** The next frame, which may be empty. A frame that is cut off gives `closed`. */
  async frame(): Promise<Buffer | ReadFailure> {
    const head = await this.#exactly(LENGTH_BYTES)
    if (typeof head === 'string') return head
    const length = head.readUInt32LE()
    if (length > LARGEST_FRAME_BYTES) throw new KongRaise(`frame of ${length} bytes`)
    return this.#exactly(length)
  }

  async #exactly(length: number): Promise<Buffer | ReadFailure> {
    const parts = [this.#buffer]
    let size = this.#buffer.length
    while (size < length) {
      const chunk = await this.#socket.read(this.#timeoutMs)
      if (typeof chunk === 'string') return chunk
      parts.push(chunk)
      size += chunk.length
    }
    const all = Buffer.concat(parts)
    this.#buffer = all.subarray(length)
    return all.subarray(0, length)
  }
}

/** Sends a frame as Kong does: its length and its bytes in two writes, which often arrive in two reads. */
function sendFrame(socket: PooledSocket, payload: Buffer): void {
  const head = Buffer.alloc(LENGTH_BYTES)
  head.writeUInt32LE(payload.length)
  socket.send(head)
  if (payload.length > 0) socket.send(payload)
}
