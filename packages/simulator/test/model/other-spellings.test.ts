import { describe, expect, it } from 'vitest'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

// Kong finds a PDK function by the words of its name, with any separators. It adapts a function to plugin servers by the exact text.
describe('a PDK function under another spelling of its name', () => {
  it('as Kong spells it knows what the log phase has saved', () => {
    const transaction = transactionIn('log')
    expect(pdkCall(transaction, 'kong.request.get_header', 'host')).toMatchObject({ outcome: 'answered', value: 'gw.test' })
  })

  it.each([
    'request.get_header',
    'request.get_headers',
    'response.get_status',
    'response.get_header',
    'response.get_headers',
    'log.serialize',
  ])('is not served from what the log phase has saved: %s', (name) => {
    const transaction = transactionIn('log')
    expect(pdkCall(transaction, `kong.${name}`, ...(name.endsWith('_header') ? ['host'] : []))).toMatchObject({ outcome: 'answered' })
    expect(pdkCall(transaction, `kong..${name}`, 'host')).toMatchObject({ outcome: 'raised' })
  })

  it('answers plainly: a body as text, arguments without lists', () => {
    const transaction = transactionIn('access', { target: '/?a=1', body: 'text' })
    expect(pdkCall(transaction, 'kong.request.get_raw_body ')).toMatchObject({ value: 'text', step: 'plugin.Step' })
    expect(pdkCall(transaction, 'kong.request.get_raw_body')).toMatchObject({ value: new Uint8Array(Buffer.from('text')) })
    const answer = pdkCall(transaction, 'kong/request/get_query')
    expect(answer).toMatchObject({ outcome: 'answered', step: 'plugin.Step' })
    expect('value' in answer && Object(answer.value).get('a')).toBe('1')
  })

  it.each([
    ['nginx', 'get_var'],
    ['nginx', 'get_tls1_version_str'],
    ['nginx', 'get_ctx'],
    ['nginx', 'set_ctx'],
    ['nginx', 'req_start_time'],
    ['ctx.shared', 'get'],
    ['ctx.shared', 'set'],
  ])('is none when Kong has it for plugin servers alone: %s.%s', (table, name) => {
    expect(pdkCall(transactionIn('access'), `kong.${table}..${name}`, 'host', 1)).toMatchObject({ outcome: 'answered', value: undefined })
  })
})
