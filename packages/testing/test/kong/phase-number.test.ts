import { expect, it } from 'vitest'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

it.each([
  ['rewrite', 16],
  ['access', 32],
  ['response', 128],
  ['log', 8192],
] as const)('ngx.ctx.KONG_PHASE in %s is %i', (phase, number) => {
  expect(pdkCall(transactionIn(phase), 'kong.nginx.get_ctx', 'KONG_PHASE')).toMatchObject({ value: number })
})
