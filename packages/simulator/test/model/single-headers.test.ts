import { expect, it } from 'vitest'
import { LuaTable } from '@kong-ts/schema/lua'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

/** What `kong.request.get_headers` returns for a header after a plugin set it to a list. */
function afterList(name: string): unknown {
  const transaction = transactionIn('access')
  pdkCall(transaction, 'kong.service.request.set_headers', LuaTable.record([[name, LuaTable.list(['1', '2', '3'])]]))
  const answer = pdkCall(transaction, 'kong.request.get_headers')
  const values = 'value' in answer && answer.value instanceof LuaTable ? answer.value.get(name.toLowerCase()) : undefined
  return values instanceof LuaTable ? [...values.items()] : values
}

// lua-nginx-module: ngx_http_lua_set_handlers; Date is among them only with WebDAV, which Kong's nginx is built without.
it.each(['Via', 'Referer', 'Authorization', 'If-None-Match', 'Accept-Encoding', 'X-Real-IP'])('nginx has room for one %s', (name) => {
  expect(afterList(name)).toEqual(['3'])
})

it.each(['X-Any', 'Date', 'Accept', 'Cookie'])('nginx has room for many %s', (name) => {
  expect(afterList(name)).toEqual(['1', '2', '3'])
})
