import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { decodeMessage } from '../../../src/client/protobuf/decode-message.js'
import { STRUCT, VALUE, PDK_RPCS } from '../../../src/client/protobuf/pdk-messages.js'
import { unwrapStruct, unwrapValue } from '../../../src/client/protobuf/pdk-values.js'
import { toCorpus } from '../../model/corpus/corpus-values.js'

/** The value of a reply in the corpus's form: what the boxes of single values, values and structs hold; null for an empty box. */
export function replyValue(method: string, frame: Buffer): unknown {
  const type = PDK_RPCS.get(method)?.output
  if (type === undefined) return undefined
  if (frame.length === 0 && type.fields().length === 1 && type !== STRUCT) return null
  const message = decodeMessage(type, frame)
  const opened = type === STRUCT ? unwrapStruct(message) : type === VALUE ? openedValue(message) : (message.get('v') ?? message)
  return opened === undefined ? null : opened instanceof LuaTable || typeof opened !== 'object' ? toCorpus(opened) : opened
}

/** nil comes as a null with a number of its own. */
function openedValue(message: LuaTable): LuaValue {
  return message.get('null_value') === 1 ? undefined : unwrapValue(message)
}
