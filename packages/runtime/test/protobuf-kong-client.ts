import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { parse } from 'protobufjs'

/**
 * Kong's side of the protocol as far as tests need it, from Kong's field numbers and with the library alone: nothing of the server's own
 * code.
 */
const { root } = parse(
  `syntax = "proto3";
  message Call { int64 sequence = 1; oneof call { Start start = 33; Instance close = 35; Event event = 36; } }
  message Start { string name = 1; bytes config = 2; }
  message Instance { int32 instance_id = 1; }
  message Event { int32 instance_id = 1; string event_name = 2; }
  message Return { int64 sequence = 1; Status status = 33; }
  message Status { string name = 1; int32 instance_id = 2; int64 started_at = 4; }
  message Value { oneof kind { int32 null_value = 1; double number_value = 2; string string_value = 3; bool bool_value = 4; Struct struct_value = 5; List list_value = 6; } }
  message Struct { map<string, Value> fields = 1; }
  message List { repeated Value values = 1; }
  message String { string v = 1; }
  message Int { int32 v = 1; }
  message Pair { string k = 1; Value v = 2; }
  message Exit { int32 status = 1; bytes body = 2; Struct headers = 3; }
  message Body { oneof kind { bytes content = 1; string body_filepath = 2; string error = 3; } }`,
  { keepCase: true },
)

type Message = Record<string, unknown>

/** A message's bytes, for what Kong sends. */
export function protobufBytes(type: string, message: Message): Buffer {
  return Buffer.from(root.lookupType(type).encode(message).finish())
}

/** A message as plain data. */
export function protobufMessage(type: string, bytes: Uint8Array): Message {
  const found = root.lookupType(type)
  return found.toObject(found.decode(bytes), { longs: Number, bytes: String })
}

/** A frame in one piece. */
export function frame(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([length, bytes])
}

const ARGUMENTS: Readonly<Record<string, string>> = {
  'kong.request.get_header': 'String',
  'kong.response.set_header': 'Pair',
  'kong.ctx.shared.set': 'Pair',
  'kong.response.exit': 'Exit',
  'kong.log.err': 'List',
}

/** One PDK call of an event. */
export interface ProtobufPdkCall {
  readonly method: string
  readonly args: Buffer
}

export class ProtobufKongClient {
  readonly socket: Socket
  readonly closed: Promise<unknown>
  #received = Buffer.alloc(0)
  #wake: (() => void) | undefined
  #ended = false
  #sequence = 1

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake?.()
    })
    this.closed = once(socket, 'close').then(() => {
      this.#ended = true
      this.#wake?.()
    })
  }

  static async connect(path: string): Promise<ProtobufKongClient> {
    const socket = connect(path)
    await once(socket, 'connect')
    return new ProtobufKongClient(socket)
  }

  close(): void {
    this.socket.destroy()
  }

  /** The next frame. */
  async next(): Promise<Buffer> {
    for (;;) {
      const length = this.#received.length < 4 ? Number.POSITIVE_INFINITY : this.#received.readUInt32LE()
      if (this.#received.length >= 4 + length) {
        const bytes = this.#received.subarray(4, 4 + length)
        this.#received = this.#received.subarray(4 + length)
        return bytes
      }
      if (this.#ended) throw new Error('the server closed the connection')
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /** Sends a command. @returns its sequence. */
  send(command: Message): number {
    const sequence = ++this.#sequence
    this.socket.write(frame(protobufBytes('Call', { sequence, ...command })))
    return sequence
  }

  async return(sequence: number): Promise<Message> {
    const done = protobufMessage('Return', await this.next())
    if (done['sequence'] !== sequence) throw new Error(`return to ${String(done['sequence'])}, expected ${sequence}`)
    return done
  }

  async startInstance(name: string, config: object = {}): Promise<number> {
    const done = await this.return(this.send({ start: { name, config: Buffer.from(JSON.stringify(config)) } }))
    return (done['status'] as { instance_id: number }).instance_id
  }

  async closeInstance(id: number): Promise<Message> {
    return this.return(this.send({ close: { instance_id: id } }))
  }

  /** Begins an event. @returns its sequence. */
  handleEvent(id: number, phase: string): number {
    return this.send({ event: { instance_id: id, event_name: phase } })
  }

  /** The next PDK call; `undefined` at the end of the phase, before the return. */
  async nextCall(): Promise<ProtobufPdkCall | undefined> {
    const method = await this.next()
    return method.length === 0 ? undefined : { method: method.toString(), args: await this.next() }
  }

  reply(bytes: Uint8Array = Buffer.alloc(0)): void {
    this.socket.write(frame(bytes))
  }

  /** Runs an event to its end, with texts as answers per method. @returns the calls made, in order. */
  async runEvent(id: number, phase: string, answers: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
    const calls: string[] = []
    const sequence = this.handleEvent(id, phase)
    for (;;) {
      const call = await this.nextCall()
      if (call === undefined) break
      calls.push(describeCall(call))
      if (call.method === 'kong.response.exit') {
        // As Kong does: the coroutine is parked for good, its connection closed.
        this.close()
        return calls
      }
      const answer = answers[call.method]
      this.reply(answer === undefined ? undefined : protobufBytes('String', { v: answer }))
    }
    await this.return(sequence)
    return calls
  }
}

function describeCall({ method, args }: ProtobufPdkCall): string {
  const type = ARGUMENTS[method]
  if (type === undefined) return `${method}(${args.length === 0 ? '' : args.toString('hex')})`
  return `${method}(${argumentsOf(type, root.lookupType(type).toObject(root.lookupType(type).decode(args)))
    .map((argument) => JSON.stringify(argument))
    .join(', ')})`
}

function argumentsOf(type: string, message: Message): unknown[] {
  if (type === 'Pair') return [message['k'], plain(message['v'])]
  if (type === 'List') return (message['values'] as unknown[]).map(plain)
  if (type !== 'Exit') return [message['v']]
  const body: unknown = message['body']
  return [
    message['status'],
    body instanceof Uint8Array ? Buffer.from(body).toString() : null,
    message['headers'] === undefined ? null : plain({ struct_value: message['headers'] }),
  ]
}

function plain(value: unknown): unknown {
  const [[kind, content] = ['null_value', null]] = Object.entries((value ?? {}) as Message)
  if (kind === 'struct_value')
    return Object.fromEntries(Object.entries((content as { fields: Message }).fields).map(([key, member]) => [key, plain(member)]))
  if (kind === 'list_value') return (content as { values: unknown[] }).values.map(plain)
  return content
}
