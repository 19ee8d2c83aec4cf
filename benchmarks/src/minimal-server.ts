import { createServer, type Socket } from 'node:net'
import { argv } from 'node:process'
import { Encoder } from '@msgpack/msgpack'

/**
 * The yardstick: a plain Node server that answers the load client's workloads with bytes made beforehand. It looks only at what it cannot do
 * without: the message id, which method is asked, which instance, and where a body is.
 *
 * Usage: node minimal-server.js SOCKET
 */

const encoder = new Encoder()
/** The event id of every event, in one byte. */
const EVENT_ID = 1
const RETURN = tail({ EventId: EVENT_ID, Data: 'ret' })
const BODY_HEADER = 5

/** What comes after the message id of an answer: no error, and the result. */
function tail(result: unknown): Buffer {
  return Buffer.concat([Buffer.of(0xc0), encoder.encode(result)])
}

function call(method: string, ...args: readonly string[]): Buffer {
  return tail({ EventId: EVENT_ID, Data: { Method: `kong.${method}`, Args: args } })
}

/** Answers of one event of each workload, in order; the instance id is the index. */
const ANSWERS: readonly (readonly Buffer[])[] = [
  [RETURN],
  [call('request.get_header', 'host'), call('response.set_header', 'x-hello', 'hello shop.example.net'), RETURN],
  [
    call('request.get_method'),
    call('request.get_path'),
    call('request.get_headers'),
    call('request.get_query'),
    call('request.get_header', 'user-agent'),
    call('request.get_header', 'content-type'),
    call('client.get_ip'),
    call('service.request.set_header', 'x-seen', 'POST /shop/v2/baskets/81723/items 12 4'),
    call('service.request.set_header', 'x-from', '198.51.100.23'),
    call('response.set_header', 'x-agent', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 application/json'),
    RETURN,
  ],
  // The one argument of the second call is the body, and follows the bytes that are here.
  [call('request.get_raw_body'), Buffer.concat([call('service.request.set_raw_body').subarray(0, -1), Buffer.of(0x91)]), RETURN],
]

/** Bytes of MessagePack integers by their first one. */
function widthOfInteger(first = 0): number {
  return first < 0x80 ? 1 : first === 0xcc ? 2 : first === 0xcd ? 3 : first === 0xce ? 5 : 9
}

/** `[0, id, "plugin.…", [`: the id begins at 2. */
function handle(socket: Socket): void {
  let answers: readonly Buffer[] = []
  let step = 0
  let unfinished: Buffer[] = []
  let missing = 0

  socket.on('data', (chunk: Buffer) => {
    if (missing > 0) {
      unfinished.push(chunk)
      missing -= chunk.length
      if (missing === 0) takeBody(Buffer.concat(unfinished))
      return
    }
    const idWidth = widthOfInteger(chunk[2])
    const method = 2 + idWidth
    const params = method + 1 + ((chunk[method] ?? 0) & 0x1f)
    const letter = chunk[method + 8]
    // plugin.HandleEvent: `[{"InstanceId": id, …}]`
    if (letter === 0x48) {
      answers = ANSWERS[chunk[params + 13] ?? 0] ?? []
      step = 0
      answer(chunk, idWidth)
    } else if (letter === 0x53 && chunk[method + 9] === 0x74 && chunk[method + 10] === 0x65) {
      if (answers === ANSWERS[3] && step === 1) {
        const length = params + 16 + BODY_HEADER + chunk.readUInt32BE(params + 17)
        missing = length - chunk.length
        if (missing > 0) unfinished = [chunk]
        else takeBody(chunk)
      } else answer(chunk, idWidth)
    } else answerLifecycle(chunk, idWidth)
  })

  /** A Step whose data is the body: `[{"EventId": 1, "Data": bin32}]`. */
  function takeBody(message: Buffer): void {
    const idWidth = widthOfInteger(message[2])
    const params = 2 + idWidth + 1 + ((message[2 + idWidth] ?? 0) & 0x1f)
    socket.cork()
    answer(message, idWidth)
    socket.write(message.subarray(params + 16))
    socket.uncork()
  }

  function answer(request: Buffer, idWidth: number): void {
    send(request, idWidth, answers[step++] ?? RETURN)
  }

  function answerLifecycle(request: Buffer, idWidth: number): void {
    const [, mode = '0'] = /"w(\d)/.exec(request.toString('latin1')) ?? []
    send(request, idWidth, tail({ Id: Number(mode) }))
  }

  function send(request: Buffer, idWidth: number, rest: Buffer): void {
    const bytes = Buffer.allocUnsafe(2 + idWidth + rest.length)
    bytes[0] = 0x94
    bytes[1] = 1
    for (let index = 0; index < idWidth; index++) bytes[2 + index] = request[2 + index] ?? 0
    bytes.set(rest, 2 + idWidth)
    socket.write(bytes)
  }

  socket.on('error', () => socket.destroy())
}

const [, , path] = argv
if (path === undefined) throw new Error('usage: node minimal-server.js SOCKET')
createServer(handle).listen(path)
process.on('SIGTERM', () => process.exit(0))
