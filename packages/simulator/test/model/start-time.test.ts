import { expect, it } from 'vitest'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

it("the start of a request is what Kong's own context says, also after a plugin changed it", () => {
  const transaction = transactionIn('access')
  expect(pdkCall(transaction, 'kong.nginx.set_ctx', 'KONG_PROCESSING_START', 1_500_000_000_123)).toMatchObject({ outcome: 'answered' })
  expect(pdkCall(transaction, 'kong.request.get_start_time')).toMatchObject({ value: 1_500_000_000_123 })
  for (let step = transaction.next(); step.do !== 'phase'; step = transaction.next())
    if (step.do === 'proxy') transaction.serviceAnswered({ failure: 'refused' })
  expect(JSON.parse(transaction.serialized() ?? '')).toMatchObject({ started_at: 1_500_000_000_123 })
})
