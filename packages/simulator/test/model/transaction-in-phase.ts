import { argumentsOf, LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { createKongNode, createTransaction, type HeaderList, type KongTransaction, type PdkAnswer } from '../../src/model/index.js'

const PLUGIN = { name: 'p', id: 'id-of-p' }
const ROUTE = LuaTable.record([
  ['id', 'r'],
  ['protocols', LuaTable.list(['http', 'https'])],
])
const SERVICE = LuaTable.record([
  ['id', 's'],
  ['protocol', 'http'],
  ['host', '127.0.0.1'],
  ['port', 80],
])

interface Request {
  readonly target?: string
  readonly body?: string
  readonly headers?: HeaderList
}

/** Brings a request to a phase. No plugin runs in the phases before it, and the service answers 200. */
export function transactionIn(phase: 'rewrite' | 'access' | 'response' | 'log', request: Request = {}): KongTransaction {
  const { target = '/t', body = '', headers = [] } = request
  const bytes = new Uint8Array(Buffer.from(body, 'latin1'))
  const transaction = createTransaction(createKongNode({}), {
    method: 'POST',
    target,
    httpVersion: '1.1',
    headers: [['Host', 'gw.test'], ['Content-Length', String(bytes.length)], ...headers],
    body: bytes,
    peer: { ip: '127.0.0.1', port: 40_000 },
    local: { ip: '127.0.0.1', port: 8000 },
  })
  for (;;) {
    const step = transaction.next()
    if (step.do === 'done') throw new Error(`the request has no phase ${phase}`)
    if (step.do === 'phase' && step.phase === phase) return transaction
    if (step.do === 'phase' && step.phase === 'access') transaction.buffered = phase === 'response'
    if (step.do === 'route') transaction.routed({ route: ROUTE, service: SERVICE })
    if (step.do === 'proxy') transaction.serviceAnswered({ status: 200, headers: [['Content-Length', '0']], body: new Uint8Array() })
  }
}

/** Makes one PDK call. */
export function pdkCall(transaction: KongTransaction, method: string, ...args: LuaValue[]): PdkAnswer {
  return transaction.pdkCall(PLUGIN, method, argumentsOf(LuaTable.list(args)))
}
