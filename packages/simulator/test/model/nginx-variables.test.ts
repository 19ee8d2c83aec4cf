import { describe, expect, it } from 'vitest'
import type { HeaderList } from '../../src/model/index.js'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

function variable(name: string, headers: HeaderList = []): unknown {
  const answer = pdkCall(transactionIn('access', { headers }), 'kong.nginx.get_var', name)
  return 'value' in answer ? answer.value : answer
}

it.each([
  ['time_iso8601', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/],
  ['time_local', /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/],
  ['msec', /^\d+\.\d{3}$/],
])('the nginx variable %s is a time of UTC', (name, pattern) => {
  expect(variable(name)).toMatch(pattern)
})

// nginx 1.25: ngx_http_parse_multi_header_lines
describe('the nginx variable cookie_a', () => {
  it.each([
    ['a=1', '1'],
    ['b=0; A=1; a=2', '1'],
    ['b=0, a=1', '1'],
    ['a=1,b=2; c=3', '1,b=2'],
    ['a =  1 ; b=2', '1 '],
    ['a=', ''],
    ['a="x=y"', '"x=y"'],
    ['aa=1', undefined],
    ['a; a=1', undefined],
    ['a; b=2; a=1', '1'],
    ['a', undefined],
  ])('of %j is %j', (line, value) => {
    expect(variable('cookie_a', [['Cookie', line]])).toBe(value)
  })

  it('is in the first line that has it', () => {
    const lines: HeaderList = [
      ['Cookie', 'b=2'],
      ['Cookie', 'a=1'],
    ]
    expect(variable('cookie_A', [...lines, ['Cookie', 'a=3']])).toBe('1')
  })
})

// nginx 1.25: ngx_http_auth_basic_user, ngx_decode_base64
describe('the nginx variable remote_user', () => {
  const basic = (text: string): string => Buffer.from(text).toString('base64')
  it.each([
    [`Basic ${basic('me:secret')}`, 'me'],
    [`bAsIc   ${basic('me:a:b')}`, 'me'],
    [`Basic ${basic('me:')}`, 'me'],
    [`Basic ${basic('me:123')} and more`, undefined],
    [`Basic ${basic('me:1234')} and more`, 'me'],
    [`Basic ${basic('me')}`, undefined],
    [`Basic ${basic(':secret')}`, undefined],
    ['Basic bWU6-', undefined],
    ['Basic bWU6b', undefined],
    ['Basic', undefined],
    [`Bearer ${basic('me:secret')}`, undefined],
  ])('of %j is %j', (line, user) => {
    expect(variable('remote_user', [['Authorization', line]])).toBe(user)
  })
})
