import { expect, it } from 'vitest'
import { LuaTable } from '@kong-ts/schema/lua'
import { createKongNode, createTransaction } from '../../src/model/index.js'

const MATCH = {
  route: LuaTable.record([['id', 'r']]),
  service: LuaTable.record([
    ['id', 's'],
    ['protocol', 'http'],
    ['host', '127.0.0.1'],
    ['port', 80],
  ]),
}

/** The phases of a buffered request, what the service is sent as Upgrade, and what Kong logs. */
function buffered(headers: readonly (readonly [string, string])[]): unknown {
  const transaction = createTransaction(createKongNode({}), {
    method: 'GET',
    target: '/',
    httpVersion: '1.1',
    headers: [['Host', 'gw.test'], ...headers],
    body: new Uint8Array(),
    peer: { ip: '127.0.0.1', port: 40_000 },
    local: { ip: '127.0.0.1', port: 8000 },
  })
  const phases: string[] = []
  for (let step = transaction.next(); step.do !== 'done'; step = transaction.next()) {
    if (step.do === 'phase') phases.push(step.phase)
    if (step.do === 'phase' && step.phase === 'access') transaction.buffered = true
    if (step.do === 'route') transaction.routed(MATCH)
    if (step.do === 'proxy') transaction.serviceAnswered({ status: 200, headers: [['Content-Length', '0']], body: new Uint8Array() })
  }
  return { phases, log: transaction.logLines.map(({ level, text }) => `${level} ${text}`) }
}

it('a request for another protocol is not buffered', () => {
  expect(buffered([])).toMatchObject({ phases: ['rewrite', 'access', 'response', 'log'], log: [] })
  const upgrading = buffered([
    ['Connection', 'keep-alive, Upgrade'],
    ['Upgrade', 'websocket'],
  ])
  expect(upgrading).toMatchObject({
    phases: ['rewrite', 'access', 'log'],
    log: ['notice [lua] init.lua:1253: response buffering was turned off: connection upgrade (websocket)'],
  })
})
