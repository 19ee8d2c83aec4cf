import { KongTable } from '../protocol/kong-table.js'
import type { TableMessage, ValueMessage } from './messages.js'

/**
 * Headers or query arguments in the form in which MsgPack:1 brings them: every value an array, a bare query argument an empty one. Their text is the
 * client's, whatever it says.
 */
export function readMultiMap({ members }: TableMessage): KongTable {
  const map = new KongTable()
  for (const { key, value } of members) map[key] = valuesOf(value)
  return map
}

function valuesOf(value: ValueMessage | null | undefined): unknown[] {
  if (value?.kind === 'list') return (value.list?.items ?? []).map(single)
  return value?.kind === 'text' || value?.kind === 'number' ? [single(value)] : []
}

function single(value: ValueMessage): unknown {
  return value.kind === 'flag' ? value.flag : value.kind === 'number' ? value.number : value.text
}
