import type { LuaTable } from '@kong-ts/schema/lua'
import { decodeArgs, encodeSortedArgs } from '../http/url-encoding.js'
import type { TransactionState } from '../state/transaction-state.js'
import { nameAndValue, texts } from './bundled-config.js'

/** Kong's request-transformer plugin: removes, replaces, adds and appends headers and query arguments. Templates are not simulated. */
export function requestTransformer({ request, node }: TransactionState, config: LuaTable): void {
  for (const name of texts(config, 'remove', 'headers')) request.headers.clear(name)
  for (const [name, value] of texts(config, 'replace', 'headers').map(nameAndValue))
    if (request.headers.first(name) !== undefined) request.headers.set(name, [value])
  for (const [name, value] of texts(config, 'add', 'headers').map(nameAndValue))
    if (request.headers.first(name) === undefined) request.headers.set(name, [value])
  for (const [name, value] of texts(config, 'append', 'headers').map(nameAndValue))
    request.headers.set(name, [...request.headers.values(name), value])
  const edits = ['remove', 'replace', 'add', 'append'].some((kind) => texts(config, kind, 'querystring').length > 0)
  if (!edits) return
  const args = decodeArgs(request.args ?? '', node.settings.luaMaxUriArgs)
  for (const name of texts(config, 'remove', 'querystring')) args.set(name, undefined)
  for (const [name, value] of texts(config, 'replace', 'querystring').map(nameAndValue))
    if (args.get(name) !== undefined) args.set(name, value)
  for (const [name, value] of texts(config, 'add', 'querystring').map(nameAndValue)) if (args.get(name) === undefined) args.set(name, value)
  request.args = encodeSortedArgs(args)
}

/** Kong's response-transformer plugin: removes, renames, replaces, adds and appends headers when the head is sent. Bodies are not changed. */
export function responseTransformer(state: TransactionState, config: LuaTable): void {
  state.headerFilters.push(({ response: { headers } }) => {
    for (const name of texts(config, 'remove', 'headers')) headers.set(nameAndValue(name)[0], [])
    for (const [from, to] of texts(config, 'rename', 'headers').map(nameAndValue)) {
      const values = headers.values(from)
      if (values.length === 0) continue
      headers.set(from, [])
      headers.set(to, values)
    }
    for (const [name, value] of texts(config, 'replace', 'headers').map(nameAndValue)) if (headers.has(name)) headers.set(name, [value])
    for (const [name, value] of texts(config, 'add', 'headers').map(nameAndValue)) if (!headers.has(name)) headers.set(name, [value])
    for (const [name, value] of texts(config, 'append', 'headers').map(nameAndValue)) headers.add(name, [value])
  })
}
