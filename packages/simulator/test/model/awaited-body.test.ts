import { describe, expect, it } from 'vitest'
import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { createKongNode, createTransaction, type ClientResponse, type KongTransaction, type ServiceRequest } from '../../src/model/index.js'
import { PDK_FUNCTIONS } from '../../src/model/pdk/pdk-functions.js'

const PLUGIN = { name: 'probe', id: 'p' }
const SERVICE = LuaTable.record([
  ['host', '127.0.0.1'],
  ['port', 80],
  ['protocol', 'http'],
  ['retries', 0],
])

/** Brings a request whose body is still on its connection to its access phase. */
function inAccess(route: LuaTable = new LuaTable(), contentLength = '5'): KongTransaction {
  const transaction = createTransaction(createKongNode(), {
    method: 'POST',
    target: '/',
    httpVersion: '1.1',
    headers: [
      ['Host', 'x'],
      ['Content-Type', 'application/json'],
      ['Content-Length', contentLength],
    ],
    body: new Uint8Array(),
    bodyFollows: true,
    peer: { ip: '127.0.0.1', port: 1 },
    local: { ip: '127.0.0.1', port: 2 },
  })
  for (let step = transaction.next(); !(step.do === 'phase' && step.phase === 'access'); step = transaction.next()) {
    if (step.do === 'route') transaction.routed({ route, service: SERVICE })
  }
  return transaction
}

function text(length: number): Uint8Array {
  return new Uint8Array(Buffer.alloc(length, 'x'))
}

describe('a body that is still to be read', () => {
  const ARGUMENTS: readonly (readonly LuaValue[])[] = [[], ['x'], ['application/json'], [LuaTable.record([['a', 1]]), 'application/json']]

  it.each([...PDK_FUNCTIONS.keys(), 'kong.request:get_raw_body', 'kong/service/request/set_body'])(
    'is asked for before %s could miss it',
    (method) => {
      for (const args of ARGUMENTS) {
        const transaction = inAccess()
        if (transaction.needsBody(method)) transaction.bodyArrived({ bytes: text(5), wireBytes: 5, end: 'complete' })
        expect(() => transaction.pdkCall(PLUGIN, method, args)).not.toThrow()
      }
    },
  )

  it('is asked for once', () => {
    const transaction = inAccess()
    expect(transaction.needsBody('kong.request.get_raw_body')).toBe(true)
    expect(() => transaction.pdkCall(PLUGIN, 'kong.request.get_raw_body', [])).toThrow(
      'call bodyArrived before this PDK call, as needsBody tells',
    )
    transaction.bodyArrived({ bytes: text(5), wireBytes: 5, end: 'complete' })
    expect(transaction.needsBody('kong.request.get_raw_body')).toBe(false)
    expect(transaction.pdkCall(PLUGIN, 'kong.request.get_raw_body', [])).toMatchObject({ outcome: 'answered', value: text(5) })
    expect(transaction.next()).toMatchObject({
      do: 'proxy',
      request: { passesBody: false, body: text(5) } satisfies Partial<ServiceRequest>,
    })
  })

  it('is asked for before the service is', () => {
    const transaction = inAccess()
    expect(transaction.next()).toEqual({ do: 'read-body' })
    transaction.bodyArrived({ bytes: text(5), wireBytes: 5, end: 'complete' })
    expect(transaction.next()).toMatchObject({
      do: 'proxy',
      request: { passesBody: false, body: text(5) } satisfies Partial<ServiceRequest>,
    })
  })

  it('is left to the driver where the route passes it on', () => {
    const step = inAccess(LuaTable.record([['request_buffering', false]])).next()
    expect(step).toMatchObject({ do: 'proxy', request: { passesBody: true, chunked: false } satisfies Partial<ServiceRequest> })
  })

  it('is read all the same while Kong buffers the response', () => {
    const transaction = inAccess(LuaTable.record([['request_buffering', false]]))
    transaction.buffered = true
    expect(transaction.next()).toEqual({ do: 'read-body' })
  })

  it.each([
    ['malformed', { kind: 'response', status: 400 }],
    ['too-large', { kind: 'response', status: 413 }],
    ['timeout', { kind: 'closed' }],
    ['ended', { kind: 'silent' }],
  ] as const)('that is %s ends the request', (end, response) => {
    const transaction = inAccess()
    transaction.next()
    transaction.bodyArrived({ bytes: text(0), wireBytes: 3, end })
    expect(transaction.next()).toMatchObject({ do: 'respond', response: response satisfies Partial<ClientResponse> })
  })

  it('that does not fit into nginx’s buffer has a file, whose path plugins are told', () => {
    const transaction = inAccess(undefined, '30000')
    transaction.bodyArrived({ bytes: text(30_000), wireBytes: 30_000, end: 'complete' })
    expect(transaction.spilledBody).toBeUndefined()
    transaction.pdkCall(PLUGIN, 'kong.request.get_body', ['application/x-www-form-urlencoded'])
    const answer = transaction.pdkCall(PLUGIN, 'kong.nginx.get_var', ['request_body_file'])
    expect(transaction.spilledBody?.content).toHaveLength(30_000)
    expect(answer).toMatchObject({ value: transaction.spilledBody?.path })
  })
})
