import { describe, expect, it } from 'vitest'
import { LuaTable } from '@kong-ts/schema/lua'
import { createKongNode, createTransaction, settingsFromConf, type HeaderList } from '../../src/model/index.js'
import { pdkCall } from './transaction-in-phase.js'

interface Conf {
  readonly [key: string]: string
}

/** The client's address as nginx's realip module determines it, which `kong.client.get_forwarded_ip` returns. */
function clientIs(headers: HeaderList, conf: Conf, peer = '10.0.0.9'): unknown {
  const settings = settingsFromConf({ trusted_ips: '10.0.0.0/8,fd00::/8', real_ip_header: 'X-Forwarded-For', ...conf })
  const transaction = createTransaction(createKongNode({ settings }), {
    method: 'GET',
    target: '/',
    httpVersion: '1.1',
    headers: [['Host', 'gw.test'], ...headers],
    body: new Uint8Array(),
    peer: { ip: peer, port: 40_000 },
    local: { ip: '127.0.0.1', port: 8000 },
  })
  for (;;) {
    const step = transaction.next()
    if (step.do === 'done') throw new Error('the request has no rewrite phase')
    if (step.do === 'phase' && step.phase === 'rewrite') break
    if (step.do === 'route') transaction.routed({ route: new LuaTable() })
  }
  const answer = pdkCall(transaction, 'kong.client.get_forwarded_ip')
  return 'value' in answer ? answer.value : answer
}

function lists(...lines: string[]): HeaderList {
  return lines.map((line) => ['X-Forwarded-For', line])
}

describe('the address a trusted peer names', () => {
  it.each([
    ['the last of a list', lists('1.1.1.1, 10.0.0.1'), '10.0.0.1'],
    ['the last of the last line', lists('1.1.1.1', '2.2.2.2, 10.0.0.1'), '10.0.0.1'],
    ['not the last line when that is not an address', lists('1.1.1.1', 'unknown'), '10.0.0.9'],
    ['with a port', lists('1.1.1.1:77'), '1.1.1.1'],
    ['not with a port out of range', lists('1.1.1.1:65536'), '10.0.0.9'],
    ['IPv6, written as nginx does', lists('2001:DB8:0:0::1'), '2001:db8::1'],
    ['IPv6 with a port', lists('[2001:db8::1]:77'), '2001:db8::1'],
    ['before blanks and commas', lists('1.1.1.1, ,'), '1.1.1.1'],
  ])('is %s', (_, headers, ip) => {
    expect(clientIs(headers, {})).toBe(ip)
  })

  it.each([
    ['the first from behind that is not trusted', lists('1.1.1.1, 2.2.2.2, 10.0.0.1'), '2.2.2.2'],
    ['the foremost when all are trusted', lists('10.0.0.3, 10.0.0.2, fd00::1'), '10.0.0.3'],
    ['in an earlier line when the later ones are trusted', lists('1.1.1.1', '10.0.0.2', '10.0.0.1'), '1.1.1.1'],
    ['the one behind a text that is not an address', lists('1.1.1.1, unknown, 10.0.0.1'), '10.0.0.1'],
    ['the one before a line that is not an address', lists('unknown', '10.0.0.1'), '10.0.0.1'],
    ['none when the last is not an address', lists('1.1.1.1, unknown'), '10.0.0.9'],
  ])('is with real_ip_recursive %s', (_, headers, ip) => {
    expect(clientIs(headers, { real_ip_recursive: 'on' })).toBe(ip)
  })

  it('is not taken from a peer that is not trusted', () => {
    expect(clientIs(lists('1.1.1.1'), {}, '11.0.0.1')).toBe('11.0.0.1')
    expect(clientIs(lists('1.1.1.1'), {}, 'fd00::7')).toBe('1.1.1.1')
  })

  it('is in the first line of any other header', () => {
    const headers: HeaderList = [['X-Real-IP', '1.1.1.1'], ['X-Real-IP', '2.2.2.2'], ...lists('3.3.3.3')]
    expect(clientIs(headers, { real_ip_header: 'X-Real-IP' })).toBe('1.1.1.1')
  })
})
