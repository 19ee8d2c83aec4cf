import { expect, it } from 'vitest'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

it('kong.service.request.clear_query_arg keeps an argument without a name', () => {
  const transaction = transactionIn('access', { target: '/t?=b&a=1&c' })
  pdkCall(transaction, 'kong.service.request.clear_query_arg', 'a')
  expect(pdkCall(transaction, 'kong.request.get_raw_query')).toMatchObject({ value: '=b&c=' })
})
