import { expect, it } from 'vitest'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

it('ngx.ctx has when Kong began with the rewrite phase', () => {
  const transaction = transactionIn('rewrite')
  expect(pdkCall(transaction, 'kong.nginx.get_ctx', 'KONG_REWRITE_START')).toMatchObject({ value: expect.any(Number) })
})

it.each([
  ['rewrite', 16],
  ['access', 32],
  ['response', 128],
  ['log', 8192],
] as const)('ngx.ctx.KONG_PHASE in %s is %i', (phase, number) => {
  expect(pdkCall(transactionIn(phase), 'kong.nginx.get_ctx', 'KONG_PHASE')).toMatchObject({ value: number })
})
