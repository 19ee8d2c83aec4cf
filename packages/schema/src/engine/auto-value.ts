import { getKey, isTruthy, type LuaValue } from '../schema-values/lua-value.js'
import type { Field } from './schema-model.js'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

const randomText = (): string => Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => LETTERS[byte % LETTERS.length]).join('')

/** The value that Kong makes up for a missing field that has `auto`: a UUID, 32 random characters, or the time. */
export const autoValue = (field: Field, name: string, value: LuaValue | undefined): LuaValue | undefined => {
  if (isTruthy(getKey(field.attributes, 'uuid'))) return value === undefined ? crypto.randomUUID() : value
  if (field.type === 'string') return value === undefined ? randomText() : value
  const isDue = (name === 'created_at' && (value === undefined || value === null)) || name === 'updated_at'
  if (!isDue) return value
  const now = Date.now() / 1000
  return field.type === 'number' ? now : field.type === 'integer' ? Math.floor(now) : value
}
