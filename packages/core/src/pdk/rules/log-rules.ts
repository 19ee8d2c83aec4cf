import { isNil } from '../pack-arguments.js'
import type { ArgumentCheck } from '../pdk-method.js'
import type { ValueRule } from './argument-check.js'
import { isTable, isText } from './value-rules.js'

const MODES: ReadonlySet<unknown> = new Set(['set', 'add', 'replace'])

/** Kong raises on a log call without anything to log. */
export const logParts: ArgumentCheck = (parts) =>
  parts.some((part) => !isNil(part)) ? undefined : { argument: 'message', rule: 'must be given: log at least one value that is not nil' }

/** `kong.log.set_serialize_value(key, value, options)`; options that are no table are ignored by Kong. */
export const serializeValue: ArgumentCheck = ([key, , options]) => {
  if (!isText(key)) return { argument: 'key', rule: 'must be a string such as request.headers.x-a' }
  if (!isTable(options) || !('mode' in options) || isNil(options.mode) || MODES.has(options.mode)) return undefined
  return { argument: 'options', rule: 'has a mode that must be set, add or replace' }
}

/** An nginx variable by its name, or a capture by its number. */
export const variableName: ValueRule = (name) =>
  isText(name) || typeof name === 'number' ? undefined : 'must be a string: the name of an nginx variable without $'
