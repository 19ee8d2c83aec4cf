import { GatewayConfigError } from '../report/gateway-errors.js'
import type { EntityKind, FieldType } from './entity-kinds.js'
import { isRecord, type JsonRecord } from './json-record.js'

const EXPECTED: Readonly<Record<FieldType, string>> = {
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
  strings: 'a list of texts',
  object: 'a map',
  array: 'a list',
  reference: 'the name or id of an entity',
}

/** @throws GatewayConfigError for a missing field or one of the wrong type. `where`: file and path of the entity, for the message. */
export function checkFields(kind: EntityKind, entry: JsonRecord, where: string): void {
  for (const name of kind.required) {
    if (entry[name] === undefined || entry[name] === null) throw new GatewayConfigError(`${where}.${name} is missing; Kong requires it`)
  }
  for (const [name, type] of Object.entries(kind.fields)) {
    const value = entry[name]
    if (value === undefined || value === null) continue
    if (!isOfType(value, type)) throw new GatewayConfigError(`${where}.${name} is ${JSON.stringify(value)}; write ${EXPECTED[type]}`)
    if (name === 'paths') checkPaths(value, `${where}.paths`)
    if (name === 'port' && (Number(value) < 0 || Number(value) > 65535))
      throw new GatewayConfigError(`${where}.port is ${String(value)}; write a number from 0 to 65535`)
  }
}

function isOfType(value: unknown, type: FieldType): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'integer':
      return Number.isInteger(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
    case 'object':
      return isRecord(value)
    case 'array':
      return Array.isArray(value)
    case 'reference':
      return (
        typeof value === 'string' ||
        (isRecord(value) && (typeof value['id'] === 'string' || typeof value['name'] === 'string' || typeof value['username'] === 'string'))
      )
  }
}

function checkPaths(paths: unknown, where: string): void {
  if (!Array.isArray(paths)) return
  paths.forEach((path: unknown, index) => {
    const text = String(path)
    if (text.startsWith('/')) return
    if (!text.startsWith('~'))
      throw new GatewayConfigError(`${where}[${index}] is "${text}"; a path begins with / and a regular expression with ~/`)
  })
}
