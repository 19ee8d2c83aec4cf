import type { JsonValue } from '@kong-ts/schema'
import { PdkBodyError } from '../pdk-body-error.js'

/** Bytes as UTF-8 text; what is no UTF-8 becomes U+FFFD, and a byte order mark is left out. */
export function readText(body: Uint8Array): string {
  return new TextDecoder().decode(body)
}

/** Bytes as JSON, `undefined` for an empty body. */
export function readJson(body: Uint8Array): JsonValue | undefined {
  if (body.length === 0) return undefined
  try {
    const value: JsonValue = JSON.parse(readText(body))
    return value
  } catch (error) {
    throw new PdkBodyError('the body is not JSON: answer with 400, or read it with text()', { cause: error })
  }
}
