import { isNil } from '../pack-arguments.js'
import type { ArgumentCheck } from '../pdk-method.js'
import type { ValueRule } from './argument-check.js'
import { asciiOf, isTable, isText } from './value-rules.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** `consumer_id` must be a uuid unless usernames are searched too; in Lua everything but nil and false counts as true. */
export const loadConsumer: ArgumentCheck = ([id, searchByUsername]) => {
  if (!isText(id)) return { argument: 'consumer_id', rule: 'must be a string' }
  if (!isNil(searchByUsername) && searchByUsername !== false) return undefined
  if (UUID.test(asciiOf(id))) return undefined
  return { argument: 'consumer_id', rule: 'must be a uuid: pass true as second argument to search by username' }
}

/** At least one of two tables. */
export const authenticate: ArgumentCheck = ([consumer, credential]) => {
  if (!isNil(consumer) && !isTable(consumer)) return { argument: 'consumer', rule: 'must be an object or nothing' }
  if (!isNil(credential) && !isTable(credential)) return { argument: 'credential', rule: 'must be an object or nothing' }
  if (!isNil(consumer) || !isNil(credential)) return undefined
  return { argument: 'consumer', rule: 'or credential must be given' }
}

/** The results nginx knows for the verification of a client certificate. */
export const clientVerify: ValueRule = (value) => {
  const result = isText(value) ? asciiOf(value) : undefined
  if (result === 'SUCCESS' || result === 'NONE' || result?.startsWith('FAILED:') === true) return undefined
  return 'must be SUCCESS, NONE or FAILED: with a reason'
}
