/** A JSON object of unknown content. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** True for an object that is neither an array nor null. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
