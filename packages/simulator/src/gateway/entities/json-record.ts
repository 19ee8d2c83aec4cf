/** A JSON object of unknown content. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** True for a plain object as JSON.parse and the YAML reader make it: no array, no null. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
