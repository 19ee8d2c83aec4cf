import {
  AUTHENTICATED_CREDENTIAL,
  BYTE_STRING,
  CONSUMER,
  EMPTY,
  INT,
  MEMORY_STATS,
  NUMBER,
  RAW_BODY_RESULT,
  ROUTE,
  SERVICE,
  STRING,
  STRUCT,
  URI_CAPTURES_RESULT,
  PDK_RPCS,
} from '../../../src/client/protobuf/pdk-messages.js'
import type { ProtoMessage } from '../../../src/client/protobuf/proto-message.js'
import type { CorpusCase } from '../../model/corpus/corpus-case.js'
import { isRecord } from '../../model/corpus/normalise.js'
import { argumentMessage } from './protobuf-arguments.js'

/**
 * A case of the corpus, recorded in MsgPack:1, as a plugin server plays it in ProtoBuf:1: what merely reads and cannot be said is left
 * out. Or why the case goes another way there.
 * @param limits whether the configuration sets maxima of its own.
 */
export function inProtobuf(corpusCase: CorpusCase, limits: boolean): CorpusCase | string {
  const { script, calls, request } = corpusCase
  const canSay = (method: string, args: unknown): boolean => argumentMessage(method, args ?? []) !== undefined
  const unsaid = Object.values(script)
    .flat()
    .find(([method, args]) => !canSay(method, args) && !MERELY_READS.test(method))
  if (unsaid !== undefined) return PDK_RPCS.has(unsaid[0]) ? 'an argument ProtoBuf:1 cannot say' : 'a method ProtoBuf:1 does not have'
  // A maximum has to be sent, so that a node's own default never counts.
  if (limits) return 'a maximum that the node sets'
  const records = calls.filter(isRecord)
  const dropped = records.filter(({ method, args }) => !canSay(String(method), args))
  if (dropped.some(({ outcome }) => outcome !== 'answered')) return 'a raise of what ProtoBuf:1 cannot say'
  const isSpilled = records.some(({ method, outcome }) => method === 'kong.request.get_raw_body' && outcome === 'raised')
  if (isSpilled) return 'a body on disk, which ProtoBuf:1 gives as a path'
  if (/_method/.test(JSON.stringify([request, script]))) return 'a name of a step, which ProtoBuf:1 does not have'
  const kept = records.filter((record) => !dropped.includes(record))
  const isText = kept.every(({ method, outcome, value }) => outcome !== 'answered' || isRecord(value) || canReturn(String(method), value))
  if (!isText) return 'a result that is no text, where the rpc returns one'
  const said = Object.entries(script).map(([phase, list]) => [phase, list.filter(([method, args]) => canSay(method, args))])
  return { ...corpusCase, script: Object.fromEntries(said), calls: kept }
}

/** Methods without which the rest of a case goes as before. */
const MERELY_READS = /\.(?:get|is)_(?!(?:raw_)?body$)\w+$/

/** Lua's protobuf library takes nothing but text for text; the event then ends with 500. */
function canReturn(method: string, value: unknown): boolean {
  return PDK_RPCS.get(method)?.output !== STRING || typeof value === 'string' || value === null
}

/** An answer recorded in MsgPack:1 as ProtoBuf:1 brings it. `$absent`: nil. */
export function asProtobuf(method: string, value: unknown): unknown {
  const type = PDK_RPCS.get(method)?.output
  const plain = isRecord(value) && value['$absent'] === true ? null : value
  return type === undefined || isPlaceholder(plain) ? plain : lost(type, plain)
}

/** What stands in a recording for a value that varies. */
function isPlaceholder(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).some((key) => key.startsWith('$') && !['$map', '$f64', '$str64'].includes(key))
}

function lost(type: ProtoMessage, value: unknown): unknown {
  switch (type) {
    case EMPTY:
      return 'no result'
    // Nothing, zero and no text are all an empty message.
    case STRING:
      return value === null ? '' : value
    case BYTE_STRING:
      return content(value ?? '')
    case INT:
      return value === null ? 0 : Math.trunc(Number(float(value)))
    case NUMBER:
      return value === null ? 0 : float(value)
    case STRUCT:
      return multiMap(value)
    case ROUTE:
    case SERVICE:
    case CONSUMER:
    case AUTHENTICATED_CREDENTIAL:
      return members(type, value)
    case URI_CAPTURES_RESULT:
      return captures(value)
    case RAW_BODY_RESULT:
      return isRecord(value) && 'content' in value ? content(value['content']) : value
    case MEMORY_STATS:
      return 'figures of the machine'
    default:
      return nothing(value)
  }
}

/** Every number is a float. */
function float(value: unknown): unknown {
  return isRecord(value) && typeof value['$f64'] === 'number' ? value['$f64'] : value
}

/** In a Value false is nil; an empty table is an empty struct. */
function nothing(value: unknown): unknown {
  if (value === false) return null
  if (isRecord(value) && '$f64' in value) return float(value)
  if (Array.isArray(value)) return value.length === 0 ? {} : value.map(nothing)
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, nothing(member)]))
  return value
}

/** MsgPack:1 makes a list of every member: one item for a single value, none for a bare key. */
function multiMap(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 0) return {}
  if (!isRecord(value)) return value
  if (Array.isArray(value['$map'])) return { $map: value['$map'].map(([key, member]: readonly unknown[]) => [key, single(member)]) }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, single(member)]))
}

function single(member: unknown): unknown {
  if (!Array.isArray(member)) return member
  return member.length === 0 ? true : member.length === 1 ? member[0] : member
}

/** The members the message has; those that are zero, empty or not there are alike, and a map where the message has a list is dropped. */
function members(type: ProtoMessage, value: unknown): unknown {
  const given = isRecord(value) ? value : {}
  const kept = type.fields().flatMap(({ name, label }) => {
    const member = given[name]
    const isNothing = member === undefined || member === null || member === 0 || member === '' || member === false
    const isEmpty = Array.isArray(member) ? member.length === 0 : label === 'repeated'
    return isNothing || isEmpty ? [] : [[name, member] as const]
  })
  return Object.fromEntries(kept)
}

/** The whole match, at index 0, is not in a list. */
function captures(value: unknown): unknown {
  const given = isRecord(value) ? value : {}
  const { unnamed, named } = given
  const list = isRecord(unnamed) && Array.isArray(unnamed['$map']) ? pairs(unnamed['$map']) : Array.isArray(unnamed) ? unnamed : []
  return { unnamed: list, named: isRecord(named) ? named : {} }
}

function pairs(map: readonly unknown[]): unknown[] {
  return map.flatMap((pair) => (Array.isArray(pair) && Number(pair[0]) > 0 ? [pair[1]] : []))
}

function content(text: unknown): unknown {
  if (isRecord(text) && typeof text['$str64'] === 'string') return { $bin: text['$str64'] }
  return typeof text === 'string' ? { $bin: Buffer.from(text, 'utf8').toString('base64') } : text
}
