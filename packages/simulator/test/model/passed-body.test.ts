import { expect, it } from 'vitest'
import { LuaTable } from '@kong-ts/schema/lua'
import { createKongNode, createTransaction, type KongTransaction, type PassedBody } from '../../src/model/index.js'

/** Runs a proxied request with a clock of its own, and returns its log record. */
function run(passed: PassedBody, times: Record<'access' | 'head' | 'body', number>): Record<string, unknown> {
  let now = 1_700_000_000_000
  const transaction: KongTransaction = createTransaction(createKongNode({ now: () => now }), {
    method: 'GET',
    target: '/',
    httpVersion: '1.1',
    headers: [['Host', 'x']],
    body: new Uint8Array(),
    peer: { ip: '127.0.0.1', port: 1 },
    local: { ip: '127.0.0.1', port: 2 },
  })
  const service = LuaTable.record([
    ['host', '127.0.0.1'],
    ['port', 80],
    ['protocol', 'http'],
    ['retries', 5],
  ])
  for (let step = transaction.next(); step.do !== 'done'; step = transaction.next()) {
    if (step.do === 'route') transaction.routed({ route: new LuaTable(), service })
    else if (step.do === 'phase' && step.phase === 'access') now += times.access
    else if (step.do === 'proxy') {
      now += times.head
      transaction.serviceAnswered({ status: 200, headers: [['Transfer-Encoding', 'chunked']] })
    } else if (step.do === 'pass') {
      now += times.body
      transaction.passed(passed)
    }
  }
  return JSON.parse(transaction.serialized() ?? '')
}

const TIMES = { access: 5, head: 70, body: 300 }

it('the record tells the time Kong took, the wait for the head, and the time the body took', () => {
  const { latencies } = run({ bytesSent: 1234, end: 'complete' }, TIMES)
  expect(latencies).toEqual({ kong: 5, proxy: 70, receive: 300, request: 375 })
})

it('the size of the response is what the client was sent of it', () => {
  expect(run({ bytesSent: 1234, end: 'service-closed' }, TIMES)['response']).toMatchObject({ status: 200, size: 1234 })
})

it('a client that left before the first byte makes it a 499, one that left later does not', () => {
  expect(run({ bytesSent: 0, end: 'client-gone' }, TIMES)['response']).toMatchObject({ status: 499, size: 0 })
  expect(run({ bytesSent: 7, end: 'client-gone' }, TIMES)['response']).toMatchObject({ status: 200, size: 7 })
})
