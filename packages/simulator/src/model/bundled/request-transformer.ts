import type { LuaTable } from '@kong-ts/schema/lua'
import { decodeArgs, encodeSortedArgs } from '../http/query-args.js'
import type { TransactionState } from '../transaction/transaction-state.js'
import { nameAndValue, texts } from './bundled-config.js'

/** Kong's request-transformer, as far as headers and query arguments are removed, replaced, added and appended as they stand. */
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
