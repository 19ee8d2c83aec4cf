/** A value that can be written as JSON. `undefined` members are left out. */
export type JsonInput =
  | null
  | boolean
  | number
  | string
  | readonly JsonInput[]
  | { readonly [key: string]: JsonInput | undefined }
  | { toJSON(): JsonInput }

/** Media type of the JSON bodies that are written here, the same that Kong gives to those it writes. */
export const JSON_CONTENT_TYPE = 'application/json; charset=utf-8'

/**
 * Writes a body as JSON text. Kong's own encoder turns empty arrays into objects and drops null members, so that it never gets tables.
 *
 * @throws TypeError for what JSON cannot hold: NaN, infinities, big integers, cycles, and values that are no data at all.
 */
export function jsonText(value: unknown): string {
  const text: unknown = JSON.stringify(value, refuseLosses)
  if (typeof text !== 'string') throw new TypeError('a function, a symbol or undefined is no JSON')
  return text
}

/** JSON.stringify writes null for NaN and numbered members for bytes: both would arrive as something else than was meant. */
function refuseLosses(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('NaN and infinities are no JSON')
  // Looked up again, because a Buffer has a toJSON of its own that was called before.
  const written = this[key]
  return written instanceof Uint8Array ? new TextDecoder().decode(written) : value
}
