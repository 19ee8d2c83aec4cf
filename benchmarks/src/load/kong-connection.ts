import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { decodeMultiStream, encode } from '@msgpack/msgpack'

/** A PDK call of an event. */
export interface AskedCall {
  readonly method: string
  readonly args: readonly unknown[]
}

/** Kong's answer to PDK calls: a value, `undefined` for nil. */
export type AnswerCall = (call: AskedCall) => unknown

/** Kong's side of one MsgPack:1 connection. Like Kong, it makes one call at a time. */
export class KongConnection {
  readonly socket: Socket
  readonly #messages: AsyncGenerator<unknown, void>
  #lastId = 0

  private constructor(socket: Socket) {
    this.socket = socket
    this.#messages = decodeMultiStream(socket)
  }

  static async open(path: string): Promise<KongConnection> {
    const socket = connect(path)
    await once(socket, 'connect')
    // The pending read reports the error.
    socket.on('error', () => undefined)
    return new KongConnection(socket)
  }

  /** @throws Error with the text of an error answer. */
  async call(method: string, param: unknown): Promise<unknown> {
    const id = ++this.#lastId
    this.socket.write(encode([0, id, method, [param]]))
    for (;;) {
      const { value, done } = await this.#messages.next()
      if (done) throw new Error('the plugin server closed the connection')
      const [type, answered, error, result] = Array.isArray(value) ? (value as unknown[]) : []
      if (type !== 1) continue
      if (answered !== id) throw new Error(`an answer to message ${String(answered)} where ${id} was asked`)
      if (error !== null) throw new Error(String(error))
      return result
    }
  }

  async startInstance(plugin: string, config: object = {}): Promise<number> {
    return Number(member(await this.call('plugin.StartInstance', { Name: plugin, Config: JSON.stringify(config) }), 'Id'))
  }

  async closeInstance(id: number): Promise<void> {
    await this.call('plugin.CloseInstance', id)
  }

  /** Begins an event. */
  async beginEvent(instance: number, phase: string): Promise<{ readonly event: unknown; readonly call: AskedCall | undefined }> {
    const result = await this.call('plugin.HandleEvent', { InstanceId: instance, EventName: phase })
    return { event: member(result, 'EventId'), call: askedCall(result) }
  }

  /**
   * Runs an event to its end.
   *
   * @returns the exit; `undefined` when the phase ended without one.
   */
  async runEvent(instance: number, phase: string, answer: AnswerCall): Promise<AskedCall | undefined> {
    let { event, call } = await this.beginEvent(instance, phase)
    while (call !== undefined && call.method !== 'kong.response.exit') {
      const data = answer(call)
      call = askedCall(await this.call('plugin.Step', data === undefined ? { EventId: event } : { EventId: event, Data: data }))
    }
    return call
  }

  close(): void {
    this.socket.destroy()
  }
}

function askedCall(result: unknown): AskedCall | undefined {
  const data = member(result, 'Data')
  if (data === 'ret') return undefined
  const method = member(data, 'Method')
  const args = member(data, 'Args')
  if (typeof method !== 'string' || !Array.isArray(args))
    throw new Error(`neither a call nor the end of the phase: ${JSON.stringify(result)}`)
  return { method, args }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
