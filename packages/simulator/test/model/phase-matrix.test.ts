import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { createKongNode, createTransaction, RoundRobinUpstream, type TransactionPhase } from '../../src/model/index.js'

/** What a real Kong 3.9.1 did with one call in one phase. `ok`: it answered or exited. `sent`: it did not answer. `http`: the client's status. */
interface Observation {
  readonly state: 'ok' | 'sent'
  readonly http: number
}

const matrix: Readonly<Record<string, Readonly<Record<TransactionPhase, Observation>>>> = JSON.parse(
  readFileSync(new URL('../data/phase-matrix.json', import.meta.url), 'utf8'),
)
const PHASES: readonly TransactionPhase[] = ['rewrite', 'access', 'response', 'log']
function record(members: Readonly<Record<string, LuaValue>>): LuaTable {
  return LuaTable.record(Object.entries(members))
}

/** Valid arguments, so that only the phase decides. Functions that are not listed take no arguments. */
const ARGUMENTS: Readonly<Record<string, readonly LuaValue[]>> = {
  'kong.client.load_consumer': ['00000000-0000-4000-8000-000000000501'],
  'kong.client.authenticate': [record({ id: 'c' }), record({ id: 'd' })],
  'kong.ctx.shared.set': ['k', 'v'],
  'kong.ctx.shared.get': ['k'],
  'kong.log.notice': ['text'],
  'kong.log.set_serialize_value': ['k', 'v'],
  'kong.nginx.get_var': ['request_method'],
  'kong.nginx.set_ctx': ['k', 'v'],
  'kong.nginx.get_ctx': ['k'],
  'kong.request.get_query_arg': ['a'],
  'kong.request.get_header': ['host'],
  'kong.response.get_header': ['content-type'],
  'kong.response.set_status': [203],
  'kong.response.set_header': ['x-a', '1'],
  'kong.response.add_header': ['x-a', '1'],
  'kong.response.clear_header': ['x-a'],
  'kong.response.set_headers': [record({ 'x-a': '1' })],
  'kong.service.set_upstream': ['ups'],
  'kong.service.set_target': ['127.0.0.1', 8080],
  'kong.service.set_retries': [1],
  'kong.service.set_timeouts': [1000, 1000, 1000],
  'kong.service.request.set_scheme': ['http'],
  'kong.service.request.set_path': ['/p'],
  'kong.service.request.set_raw_query': ['a=1'],
  'kong.service.request.set_method': ['GET'],
  'kong.service.request.set_query': [record({ a: '1' })],
  'kong.service.request.set_header': ['x-a', '1'],
  'kong.service.request.add_header': ['x-a', '1'],
  'kong.service.request.clear_header': ['x-a'],
  'kong.service.request.set_headers': [record({ 'x-a': '1' })],
  'kong.service.request.set_raw_body': ['body'],
  'kong.service.request.set_body': [record({ a: '1' }), 'application/json'],
  'kong.service.response.get_header': ['content-type'],
  'kong.ip.is_trusted': ['127.0.0.1'],
  'kong.vault.get': ['{vault://env/none}'],
  'kong.vault.is_reference': ['{vault://env/none}'],
  'kong.response.exit': [207, 'over'],
  'kong.response.error': [409, 'conflict'],
}

function observe(method: string, phase: TransactionPhase): Observation {
  const consumer = record({ id: '00000000-0000-4000-8000-000000000501', username: 'alice' })
  const node = createKongNode({
    consumers: [consumer],
    upstreams: new Map([['ups', new RoundRobinUpstream('ups', [{ host: '127.0.0.1', port: 8080, weight: 1 }], undefined)]]),
  })
  const service = record({ id: 's', protocol: 'http', host: '127.0.0.1', port: 8080 })
  const route = record({ id: 'r', protocols: LuaTable.list(['http', 'https']), strip_path: true })
  const transaction = createTransaction(node, {
    method: 'GET',
    target: '/?a=1',
    httpVersion: '1.1',
    headers: [['Host', 'gw.test']],
    body: new Uint8Array(),
    peer: { ip: '127.0.0.1', port: 50000 },
    local: { ip: '127.0.0.1', port: 8000 },
  })
  transaction.buffered = true
  let state: Observation['state'] = 'sent'
  let http = 0
  for (let step = transaction.next(); step.do !== 'done'; step = transaction.next()) {
    if (step.do === 'route') transaction.routed({ route, service, prefix: '/' })
    else if (step.do === 'proxy')
      transaction.serviceAnswered({
        status: 200,
        headers: [
          ['Content-Type', 'text/plain'],
          ['Content-Length', '2'],
        ],
        body: new Uint8Array([111, 107]),
      })
    else if (step.do === 'respond') http = step.response.kind === 'response' ? step.response.status : 0
    else if (step.do === 'phase' && step.phase === phase) {
      const { outcome } = transaction.pdkCall({ name: 'probe', id: 'p' }, method, ARGUMENTS[method] ?? [])
      state = outcome === 'answered' || outcome === 'final' ? 'ok' : 'sent'
    }
  }
  return { state, http }
}

/** The recorder noted an exit in the log phase as answered, although Kong never answers it. */
const EXITS = new Set(['kong.response.exit', 'kong.response.error'])

describe('what may be called where, as a real Kong 3.9.1 showed it', () => {
  test.each(Object.keys(matrix))('%s', (method) => {
    const expected = Object.fromEntries(
      PHASES.map((phase) => {
        const { state, http } = matrix[method]?.[phase] ?? { state: 'sent', http: 0 }
        return [phase, { state: EXITS.has(method) && phase === 'log' ? 'sent' : state, http }]
      }),
    )
    expect(Object.fromEntries(PHASES.map((phase) => [phase, observe(method, phase)]))).toEqual(expected)
  })
})
