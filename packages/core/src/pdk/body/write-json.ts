import { hiddenContent, withoutLuaForm } from '../call/lua-arguments.js'

/** A value that can be written as JSON. `undefined` members are left out. */
export type JsonInput =
  | null
  | boolean
  | number
  | string
  | readonly JsonInput[]
  | { readonly [key: string]: JsonInput | undefined }
  | { toJSON(): JsonInput }

/** Media type of JSON bodies, the same that Kong gives to those it writes. */
export const JSON_CONTENT_TYPE = 'application/json; charset=utf-8'

/** A JSON text, or why there is none: what is wrong with the value, worded to follow the name of an argument. */
export type WrittenJson = { readonly text: string; readonly rule?: undefined } | { readonly text?: undefined; readonly rule: string }

/**
 * Writes a value as JSON text. kong-ts writes JSON itself and does not send tables to Kong, because Kong's encoder turns empty arrays into
 * objects and drops null members.
 */
export function writeJson(value: unknown): WrittenJson {
  try {
    const text: unknown = JSON.stringify(value, refuseLosses)
    return typeof text === 'string' ? { text } : { rule: NOT_JSON }
  } catch (error) {
    return { rule: error instanceof LossError ? error.message : NOT_JSON }
  }
}

const NOT_JSON = 'must be something JSON can hold: no NaN, infinity, bigint, function or cycle'

/** Stops JSON.stringify with a message for the author of the plugin. */
class LossError extends Error {}

/** Refuses what JSON.stringify would write as null, as `{}` or not at all, and writes bytes as text. */
function refuseLosses(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new LossError(NOT_JSON)
  if (typeof value === 'function' || typeof value === 'symbol') throw new LossError(`${place(key)} ${withoutLuaForm(value)}`)
  // Read again, because `value` of a Buffer is already what its toJSON made.
  const original = this[key]
  if (original instanceof Uint8Array) return new TextDecoder().decode(original)
  if (typeof value === 'object' && value !== null) refuseHidden(key, value)
  return value
}

function refuseHidden(key: string, value: object): void {
  if (value instanceof Map) throw new LossError(`${place(key)} a Map: pass Object.fromEntries(map)`)
  if (value instanceof Set) throw new LossError(`${place(key)} a Set: pass Array.from(set)`)
  const hidden = hiddenContent(value)
  if (hidden !== undefined) throw new LossError(`${place(key)} ${hidden}`)
}

/** JSON.stringify gives the value itself the key `''`. */
function place(key: string): string {
  return key === '' ? 'is' : `has a member ${JSON.stringify(key.slice(0, 80))} that is`
}
