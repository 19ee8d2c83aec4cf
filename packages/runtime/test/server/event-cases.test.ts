import { afterEach, describe, expect, it } from 'vitest'
import { EVENT_CASES, describeCall, eventPlugin, seenCalls, type EventCase } from '../../../core/test/dispatch/event-cases.js'
import { ProtobufKongClient } from '../protobuf-kong-client.js'
import { PROTOCOLS } from '../protocols.js'
import { startTestServer, type TestServer } from '../test-server.js'

let server: TestServer
let clients: { close(): void }[] = []
afterEach(async () => {
  for (const client of clients) client.close()
  clients = []
  await server.close()
})

async function runEvent(protocol: (typeof PROTOCOLS)[number], phase: string): Promise<readonly string[]> {
  const kong = protocol === 'MsgPack:1' ? await server.connect() : await ProtobufKongClient.connect(server.socketPath)
  clients.push(kong)
  const id = await kong.startInstance('event-case')
  // On ProtoBuf:1 an empty frame is an empty table.
  if (kong instanceof ProtobufKongClient) return kong.runEvent(id, phase)
  return kong.runEvent(id, phase, { 'kong.request.get_headers': {} })
}

/** `kong.response.exit(403, null)` as the table writes it. */
function describeWritten(call: string): string {
  const [, method = '', args = ''] = /^([\w.]+)\((.*)\)$/s.exec(call) ?? []
  return describeCall(method, /^"?([\w-]*)/.exec(args)?.[1])
}

/** What the log says became of the request. */
function consequence({ phase, calls }: EventCase): string {
  const [, status] = /^response.exit (\d+)/.exec(calls.at(-1) ?? '') ?? []
  if (status === undefined) return 'the request goes on'
  if (status === '403') return 'the request was over already'
  return phase === 'preread' ? 'client connection closed' : `client answered with ${status}`
}

describe.each(PROTOCOLS)('an event on %s', (protocol) => {
  it.each(EVENT_CASES)('$name', async (eventCase) => {
    const notes: string[] = []
    server = await startTestServer([eventPlugin(eventCase, (text) => notes.push(text))], { protocol })
    const calls = await runEvent(protocol, eventCase.phase)
    expect(seenCalls(calls.map(describeWritten))).toEqual(eventCase.calls)
    const exits = !eventCase.failed && eventCase.calls.at(-1)?.startsWith('response.exit') === true
    await expect
      .poll(() => server.server.counters)
      .toMatchObject({ events: 1, liveEvents: 0, lostEvents: 0, failures: eventCase.failed ? 1 : 0, exits: exits ? 1 : 0, unknownSteps: 0 })
    if (eventCase.failed) expect(server.log.join('')).toContain(`handler failed, ${consequence(eventCase)}`)
    await expect.poll(() => notes).toEqual(eventCase.notes)
  })
})
