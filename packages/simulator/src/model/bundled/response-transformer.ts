import type { LuaTable } from '@kong-ts/schema/lua'
import type { TransactionState } from '../state/transaction-state.js'
import { nameAndValue, texts } from './bundled-config.js'

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
