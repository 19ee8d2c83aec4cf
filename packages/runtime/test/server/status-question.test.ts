import { encode } from '@msgpack/msgpack'
import { afterEach, expect, it } from 'vitest'
import { Access, Plugin, type PDK } from '@kong-ts/core'
import { startTestServer, type TestServer } from '../test-server.js'

@Plugin('1.0.0', 1)
class Passer {
  @Access()
  async access(kong: PDK) {
    await kong.response.setHeader('x-got', String((await kong.request.getRawBody())?.length))
  }
}

let server: TestServer
afterEach(() => server.close())

it('a body whose last bytes look like the question of a new server is a body', async () => {
  server = await startTestServer([Passer])
  const kong = await server.connect()
  const { event } = await kong.handleEvent(await kong.startInstance('passer'), 'access')
  const question = encode([0, 0, 'plugin.GetStatus', []])
  const message = encode([0, 77, 'plugin.Step', [{ EventId: event, Data: Buffer.concat([Buffer.alloc(100), question]) }]])
  // The question comes as a read of its own: what the server sees must not depend on how bytes are cut.
  await new Promise<void>((resolve) =>
    kong.socket.write(message.subarray(0, message.length - question.length), () => setImmediate(() => setImmediate(resolve))),
  )
  kong.socket.write(message.subarray(message.length - question.length))
  expect(await kong.next()).toMatchObject([
    1,
    77,
    null,
    { Data: { Method: 'kong.response.set_header', Args: ['x-got', String(100 + question.length)] } },
  ])
})
