import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { decodeMultiStream, encode } from '@msgpack/msgpack'

/** `[1, id, error, result]` or a notification `[2, label, argument]`. */
export type KongMessage = readonly [type: number, ...rest: unknown[]]

interface Answer {
  readonly error: unknown
  readonly result: unknown
  /** Notifications that came before the answer. */
  readonly notifications: readonly KongMessage[]
}

/** A PDK call that an event asks for, or the end of the phase. */
export type EventAnswer = 'ret' | { readonly Method: string; readonly Args: readonly unknown[] }

/** Kong's side of one MsgPack:1 connection, with the library's codec: nothing of the server's own code. */
export class KongClient {
  readonly socket: Socket
  readonly #messages: AsyncGenerator<unknown, void>
  #nextId = 1

  private constructor(socket: Socket) {
    this.socket = socket
    this.#messages = decodeMultiStream(socket)
  }

  static async connect(path: string): Promise<KongClient> {
    const socket = connect(path)
    await once(socket, 'connect')
    return new KongClient(socket)
  }

  /** Sends a request and waits for its answer. */
  async call(method: unknown, param: unknown): Promise<Answer> {
    const id = this.send(method, param)
    return this.answer(id)
  }

  /** Sends a request, and does not wait. @returns its message id. */
  send(method: unknown, param: unknown): number {
    const id = this.#nextId++
    this.socket.write(encode([0, id, method, [param]]))
    return id
  }

  async answer(id: number): Promise<Answer> {
    const notifications: KongMessage[] = []
    for (;;) {
      const message = await this.next()
      if (message[0] !== 1) {
        notifications.push(message)
        continue
      }
      if (message[1] !== id) throw new Error(`answer to ${String(message[1])}, expected ${id}`)
      return { error: message[2], result: message[3], notifications }
    }
  }

  async next(): Promise<KongMessage> {
    const { value, done } = await this.#messages.next()
    if (done) throw new Error('the server closed the connection')
    return value as KongMessage
  }

  async startInstance(name: string, config: object = {}): Promise<number> {
    const { error, result } = await this.call('plugin.StartInstance', { Name: name, Config: JSON.stringify(config) })
    if (error !== null) throw new Error(String(error))
    return (result as { Id: number }).Id
  }

  async closeInstance(id: number): Promise<unknown> {
    return this.call('plugin.CloseInstance', id)
  }

  /** Begins an event. */
  async handleEvent(
    instance: number,
    phase: string,
  ): Promise<{ readonly event: number; readonly data: EventAnswer; readonly error: unknown }> {
    return eventAnswer(await this.call('plugin.HandleEvent', { InstanceId: instance, EventName: phase }))
  }

  /** Answers the last PDK call of an event; `undefined` for nil, as Kong sends it: without Data. */
  async step(
    event: number,
    data: unknown,
    method: unknown = 'plugin.Step',
  ): Promise<{ readonly event: number; readonly data: EventAnswer; readonly error: unknown }> {
    return eventAnswer(await this.call(method, data === undefined ? { EventId: event } : { EventId: event, Data: data }))
  }

  /** Runs an event to its end, with canned answers per method. @returns the calls made, in order. */
  async runEvent(instance: number, phase: string, answers: Readonly<Record<string, unknown>> = {}): Promise<readonly string[]> {
    const calls: string[] = []
    let { event, data, error } = await this.handleEvent(instance, phase)
    while (data !== 'ret') {
      if (error !== null) throw new Error(String(error))
      calls.push(`${data.Method}(${data.Args.map((argument) => JSON.stringify(argument)).join(', ')})`)
      if (data.Method === 'kong.response.exit') return calls
      ;({ event, data, error } = await this.step(event, answers[data.Method]))
    }
    return calls
  }

  close(): void {
    this.socket.destroy()
  }
}

function eventAnswer({ error, result }: Answer): { readonly event: number; readonly data: EventAnswer; readonly error: unknown } {
  const { EventId: event, Data: data } = (result ?? {}) as { EventId: number; Data: EventAnswer }
  return { event, data, error }
}
