import { argumentsOf, LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import {
  type EventOutcome,
  type InstanceId,
  KongRaise,
  type PluginServerClient,
  type RunPdkCall,
} from '../protocol/plugin-server-client.js'
import type { PooledSocket, SocketPool } from '../protocol/socket-pool.js'
import { decodeMsgpack, MsgpackArray, MsgpackMap, type MsgpackValue, toLuaValue } from './msgpack-decoder.js'
import { encodeMsgpack } from './msgpack-encoder.js'
import { MsgpackScanner } from './msgpack-scanner.js'

/** The result of a call, or the error of the plugin server or of the connection. */
type CallResult = { readonly result: MsgpackValue } | { readonly error: string }

interface MsgpackClientOptions {
  readonly pool: SocketPool
  /** Longest wait for one message, in ms. */
  readonly timeoutMs: number
  /** Called when a `serverPid` notification differs from the one before. */
  readonly serverRestarted: () => void
}

/**
 * Kong's side of MsgPack:1, as in Kong 3.9. Each call takes a connection from the worker's pool and puts it back. Message ids count per
 * plugin and worker. Notifications come before the answer. Bytes that follow an answer in the same read are lost.
 */
export class MsgpackClient implements PluginServerClient {
  readonly #options: MsgpackClientOptions
  readonly failsClosed = false
  #lastMessageId = 0
  #serverPid: number | undefined

  constructor(options: MsgpackClientOptions) {
    this.#options = options
  }

  async startInstance(plugin: string, config: string): Promise<{ id: InstanceId } | { error: string }> {
    const call = await this.#call(
      'plugin.StartInstance',
      LuaTable.record([
        ['Name', plugin],
        ['Config', config],
      ]),
    )
    if ('error' in call) return call
    return { id: toLuaValue(member(call.result, 'Id')) }
  }

  async closeInstance(id: InstanceId): Promise<string | undefined> {
    const call = await this.#call('plugin.CloseInstance', id)
    return 'error' in call ? call.error : undefined
  }

  async handleEvent(id: InstanceId, phase: string, run: RunPdkCall): Promise<EventOutcome> {
    let call = await this.#call(
      'plugin.HandleEvent',
      LuaTable.record([
        ['InstanceId', id],
        ['EventName', phase],
      ]),
    )
    let eventId: LuaValue
    for (let first = true; ; first = false) {
      if ('error' in call) return { ended: 'failed', error: call.error }
      if (call.result === undefined || call.result === false) return { ended: 'returned' }
      if (first) eventId = toLuaValue(member(call.result, 'EventId'))
      const data = member(call.result, 'Data')
      if (data === 'ret') return { ended: 'returned' }
      const method = member(data, 'Method')
      if (typeof method !== 'string') throw new KongRaise(`bad PDK method of type ${typeof method}`)
      const outcome = await run(method, callArguments(member(data, 'Args')))
      if (outcome.outcome === 'never') return { ended: 'never' }
      if (outcome.outcome !== 'answered') return { ended: 'dropped' }
      call = await this.#call(
        outcome.step,
        LuaTable.record([
          ['EventId', eventId],
          ['Data', outcome.value],
        ]),
      )
    }
  }

  async #call(method: LuaValue, parameter: LuaValue): Promise<CallResult> {
    const messageId = ++this.#lastMessageId
    let socket: PooledSocket
    try {
      socket = await this.#options.pool.take()
    } catch (error) {
      return { error: `connection refused: ${error instanceof Error ? error.message : String(error)}` }
    }
    // Always four items, because Kong sends a nil parameter as an item.
    socket.send(
      Buffer.concat([
        Buffer.of(0x94),
        encodeMsgpack(0),
        encodeMsgpack(messageId),
        encodeMsgpack(method),
        Buffer.of(0x91),
        encodeMsgpack(parameter),
      ]),
    )
    try {
      return await this.#readAnswer(socket, messageId)
    } catch (error) {
      this.#options.pool.drop(socket)
      throw error
    }
  }

  async #readAnswer(socket: PooledSocket, messageId: number): Promise<CallResult> {
    let buffer: Buffer = Buffer.alloc(0)
    for (;;) {
      const message = await this.#readMessage(socket, buffer)
      if ('error' in message) return message
      const items = message.value instanceof MsgpackArray ? message.value.items : []
      if (items[0] === 2) {
        this.#notified(items[1], items[2])
        buffer = message.rest
        continue
      }
      if (items[0] !== 1) throw new KongRaise('RPC response expected')
      if (items[1] !== messageId) throw new KongRaise('unexpected RPC response ID')
      this.#options.pool.keep(socket)
      const error = items[2]
      if (error === undefined || error === false) return { result: items[3] }
      if (typeof error !== 'string') throw new KongRaise("attempt to call method 'lower' of an error that is no text")
      return { error }
    }
  }

  async #readMessage(socket: PooledSocket, start: Buffer): Promise<{ value: MsgpackValue; rest: Buffer } | { error: string }> {
    const scanner = new MsgpackScanner()
    let buffer = start
    for (;;) {
      const end = buffer.length === 0 ? undefined : scanner.scan(buffer)
      if (end !== undefined) return { value: decodeMsgpack(buffer.subarray(0, end)), rest: buffer.subarray(end) }
      const chunk = await socket.read(this.#options.timeoutMs)
      if (chunk === 'timeout') {
        // Kong puts the connection back into the pool, and so the next call gets a late answer.
        this.#options.pool.keep(socket)
        return { error: 'timeout' }
      }
      if (chunk === 'closed') {
        if (buffer.length > 0) throw new KongRaise('missing bytes')
        this.#options.pool.drop(socket)
        return { error: 'closed' }
      }
      buffer = Buffer.concat([buffer, chunk])
    }
  }

  #notified(label: MsgpackValue, value: MsgpackValue): void {
    if (label !== 'serverPid') return
    const pid = Number(value)
    if (Number.isNaN(pid) || pid === this.#serverPid) return
    if (this.#serverPid !== undefined) this.#options.serverRestarted()
    this.#serverPid = pid
  }
}

/** `value[name]` as in Lua. @throws KongRaise for a value that cannot be indexed. */
function member(value: MsgpackValue, name: string): MsgpackValue {
  if (value instanceof MsgpackMap) return value.members.get(name)
  if (value instanceof MsgpackArray || typeof value === 'string') return undefined
  throw new KongRaise(`attempt to index a ${value === undefined ? 'nil' : typeof value} value`)
}

/** The arguments of a call. nil items of an array keep their places. */
function callArguments(args: MsgpackValue): readonly LuaValue[] {
  return args instanceof MsgpackArray ? args.items.map(toLuaValue) : argumentsOf(toLuaValue(args))
}
