import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import {
  BOOL,
  BYTE_STRING,
  CONSUMER_SPEC,
  EMPTY,
  EXIT_ARGS,
  INT,
  KV,
  LIST_VALUE,
  STRING,
  STRUCT,
  TARGET,
  PDK_RPCS,
} from '../../../src/client/protobuf/pdk-messages.js'
import type { ProtoMessage } from '../../../src/client/protobuf/proto-message.js'
import { argumentFromCorpus } from '../../model/corpus/corpus-values.js'
import { isRecord } from '../../model/corpus/normalise.js'

/** Kong's default where a call leaves it out; an Int that is not sent would be 0, which is refused. */
const DEFAULT_LIMIT = 100
const LIMITED = /\.get_(?:headers|query)$/

/**
 * The argument message with which a plugin server says a call of the corpus in ProtoBuf:1; undefined where it cannot be said: there is
 * no such rpc, too many arguments, nil or false in a value, an argument of another type.
 */
export function argumentMessage(method: string, args: unknown): LuaTable | undefined {
  const type = PDK_RPCS.get(method)?.input
  const list: readonly unknown[] = Array.isArray(args) ? args : [args]
  return type && message(type, list.length === 0 && LIMITED.test(method) ? [DEFAULT_LIMIT] : list)
}

function message(type: ProtoMessage, args: readonly unknown[]): LuaTable | undefined {
  const [first, second, third] = args
  const most = new Map<ProtoMessage, number>([
    [EMPTY, 0],
    [KV, 2],
    [TARGET, 2],
    [CONSUMER_SPEC, 2],
    [EXIT_ARGS, 3],
    [LIST_VALUE, Infinity],
  ])
  if (args.length > (most.get(type) ?? 1)) return undefined
  switch (type) {
    case EMPTY:
      return new LuaTable()
    case STRING:
    case BYTE_STRING:
      return isText(first) ? record([['v', first]]) : undefined
    case INT:
      return isInt(first) ? record([['v', first]]) : undefined
    case BOOL:
      return first === undefined || typeof first === 'boolean' ? record([['v', first ?? false]]) : undefined
    case KV:
      return isText(first) && canBeValue(second) ? record([['k', first]], [['v', valueMessage(second)]]) : undefined
    case TARGET:
      return isText(first) && isInt(second)
        ? record([
            ['host', first],
            ['port', second],
          ])
        : undefined
    case CONSUMER_SPEC:
      if (!isText(first) || (second !== undefined && typeof second !== 'boolean')) return undefined
      return record([
        ['id', first],
        ['by_username', second ?? false],
      ])
    case EXIT_ARGS:
      if (!isInt(first) || !isText(second) || (third !== undefined && !isStruct(third))) return undefined
      return record(
        [
          ['status', first],
          ['body', second],
        ],
        third === undefined ? [] : [['headers', structMessage(third)]],
      )
    case LIST_VALUE:
      return args.every(canBeValue) ? listMessage(args) : undefined
    case STRUCT:
      return isStruct(first) ? structMessage(first) : undefined
    default:
      return undefined
  }
}

function record(plain: readonly (readonly [string, unknown])[], messages: readonly (readonly [string, LuaValue])[] = []): LuaTable {
  return LuaTable.record([...plain.map(([name, value]) => [name, argumentFromCorpus(value)] as const), ...messages])
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isInt = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31

function isStruct(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && Object.entries(value).every(([key, member]) => !key.startsWith('$') && canBeValue(member))
}

function canBeValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(canBeValue)
  return typeof value === 'string' || typeof value === 'number' || value === true || isStruct(value)
}

function valueMessage(value: unknown): LuaTable {
  if (Array.isArray(value)) return LuaTable.record([['list_value', listMessage(value)]])
  if (isRecord(value)) return LuaTable.record([['struct_value', structMessage(value)]])
  const name = typeof value === 'string' ? 'string_value' : typeof value === 'number' ? 'number_value' : 'bool_value'
  return record([[name, value]])
}

function listMessage(values: readonly unknown[]): LuaTable {
  return LuaTable.record([['values', LuaTable.list(values.map(valueMessage))]])
}

function structMessage(members: unknown): LuaTable {
  const entries = isRecord(members) ? Object.entries(members) : []
  const fields = LuaTable.record(entries.map(([key, member]) => [Buffer.from(key).toString('latin1'), valueMessage(member)]))
  return LuaTable.record([['fields', fields]])
}
