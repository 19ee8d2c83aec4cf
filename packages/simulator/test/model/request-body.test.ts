import { expect, it } from 'vitest'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

it('kong.request.get_body takes a number for a media type it does not know', () => {
  expect(pdkCall(transactionIn('access', { body: 'a=1' }), 'kong.request.get_body', 5)).toMatchObject({
    outcome: 'answered',
    value: undefined,
  })
})

it('kong.request.get_body takes false for no media type, and no table', () => {
  const transaction = transactionIn('access', { body: 'a=1' })
  expect(pdkCall(transaction, 'kong.request.get_body', false)).toMatchObject({ outcome: 'answered', value: undefined })
  expect(pdkCall(transaction, 'kong.request.get_body', true)).toMatchObject({ outcome: 'raised' })
})
