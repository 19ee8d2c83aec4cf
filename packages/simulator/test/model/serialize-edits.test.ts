import { describe, expect, it } from 'vitest'
import { LuaTable } from '@kong-ts/schema/lua'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

function options(ngx: LuaTable): LuaTable {
  return LuaTable.record([['ngx', ngx]])
}

describe('the nginx table that set_serialize_value may be given', () => {
  it('has to have a ctx', () => {
    const transaction = transactionIn('access')
    expect(pdkCall(transaction, 'kong.log.set_serialize_value', 'k', 'v', options(new LuaTable()))).toMatchObject({ outcome: 'raised' })
  })

  it('takes the edit away from the record', () => {
    const transaction = transactionIn('access')
    const elsewhere = options(LuaTable.record([['ctx', new LuaTable()]]))
    expect(pdkCall(transaction, 'kong.log.set_serialize_value', 'mine', 'v', elsewhere)).toMatchObject({ outcome: 'answered' })
    expect(pdkCall(transaction, 'kong.log.set_serialize_value', 'kept', 'v')).toMatchObject({ outcome: 'answered' })
    for (let step = transaction.next(); step.do !== 'phase'; step = transaction.next())
      if (step.do === 'proxy') transaction.serviceAnswered({ failure: 'refused' })
    expect(transaction.serialized()).toContain('"kept":"v"')
    expect(transaction.serialized()).not.toContain('mine')
  })
})
