import { asciiLower, decodeJson, LuaTable } from '@kong-ts/schema/lua'
import { decodeMultipart } from './decode-multipart.js'

/** Which of Kong's three body readers a content type selects: by prefix, without regard to case and parameters. */
export type BodyKind = 'form' | 'json' | 'multipart'

/** The body reader for a content type; undefined when Kong has none. */
export function bodyKind(contentType: string): BodyKind | undefined {
  const type = asciiLower(contentType).split(';', 1)[0] ?? ''
  if (type.startsWith('application/x-www-form-urlencoded')) return 'form'
  if (type.startsWith('application/json')) return 'json'
  if (type.startsWith('multipart/form-data')) return 'multipart'
  return undefined
}

/** A JSON body: only objects and arrays count. */
export function decodeJsonBody(body: string): LuaTable | undefined {
  const decoded = decodeJson(body)
  return decoded?.value instanceof LuaTable ? decoded.value : undefined
}

/** A JSON or multipart body. */
export function decodeDocument(kind: 'json' | 'multipart', body: string, contentType: string): LuaTable | undefined {
  return kind === 'json' ? decodeJsonBody(body) : decodeMultipart(body, contentType)
}
