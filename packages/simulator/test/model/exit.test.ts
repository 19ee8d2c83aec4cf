import { expect, it } from 'vitest'
import { LuaTable } from '@kong-ts/schema/lua'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

it('an exit with a table as its body knows a type given with an underscore', () => {
  const transaction = transactionIn('access')
  const headers = LuaTable.record([['content_type', 'text/css']])
  pdkCall(transaction, 'kong.response.exit', 200, LuaTable.record([['a', 1]]), headers)
  let step = transaction.next()
  while (step.do === 'phase') step = transaction.next()
  const sent = step.do === 'respond' && step.response.kind === 'response' ? step.response.headers : []
  expect(sent.filter(([name]) => name === 'Content-Type')).toEqual([['Content-Type', 'text/css']])
})
