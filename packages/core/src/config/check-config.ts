import { KEYS_KONG_ADDS } from '../definition/check-plugin-definition.js'
import type { ElementDefinition, FieldDefinition, RecordDefinition } from '../definition/field-definition.js'
import type { ConfigProblem } from '../errors/config-error.js'
import { brokenAttribute } from './check-attributes.js'
import { describeValue } from './describe-value.js'

/** Every way in which a configuration breaks its definition, under Kong's names: `config.rules[2].action`. */
export function checkConfig(record: RecordDefinition, config: unknown): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  checkRecord(record, config, 'config', KEYS_KONG_ADDS, problems)
  return problems
}

function checkRecord({ fields }: RecordDefinition, value: unknown, path: string, alsoAllowed: ReadonlySet<string>, problems: ConfigProblem[]): void {
  if (!isPlainObject(value)) {
    problems.push({ path, text: `must be an object (got ${describeValue(value, {})})` })
    return
  }
  for (const field of fields) checkField(field, Object.hasOwn(value, field.name) ? value[field.name] : undefined, `${path}.${field.name}`, problems)
  const known = new Set(fields.map(({ name }) => name))
  for (const key of Object.keys(value)) {
    if (!known.has(key) && !alsoAllowed.has(key) && key !== '$refs') problems.push({ path: `${path}.${key}`, text: 'is no field of this plugin' })
  }
}

function checkField(field: FieldDefinition, value: unknown, path: string, problems: ConfigProblem[]): void {
  if (value === undefined || value === null) {
    if (field.required && field.default === undefined && field.type.kind !== 'record') problems.push({ path, text: 'is required' })
    else if (field.required && field.type.kind === 'record') checkRecord(field.type.record, {}, path, NONE, problems)
    return
  }
  checkElement(field, value, path, problems)
}

function checkElement({ type, attributes }: ElementDefinition, value: unknown, path: string, problems: ConfigProblem[]): void {
  const before = problems.length
  switch (type.kind) {
    case 'string':
    case 'boolean':
      if (typeof value !== type.kind) problems.push(wrongType(path, type.kind, value, attributes))
      break
    case 'number':
      if (typeof value !== 'number') problems.push(wrongType(path, 'number', value, attributes))
      break
    case 'integer':
      if (!Number.isInteger(value)) problems.push(wrongType(path, 'integer', value, attributes))
      break
    case 'array':
    case 'set':
      // Kong writes an empty Lua table as either kind.
      if (isEmptyTable(value)) break
      if (!Array.isArray(value)) problems.push(wrongType(path, type.kind, value, attributes))
      else value.forEach((element, index) => checkElement(type.elements, element, `${path}[${index}]`, problems))
      break
    case 'map':
      if (isEmptyTable(value)) break
      if (!isPlainObject(value)) problems.push(wrongType(path, 'map', value, attributes))
      else
        for (const [key, element] of Object.entries(value)) {
          checkElement(type.keys, keyValue(type.keys, key), `${path} key ${JSON.stringify(key)}`, problems)
          checkElement(type.values, element, `${path}[${JSON.stringify(key)}]`, problems)
        }
      break
    case 'record':
      checkRecord(type.record, isEmptyTable(value) ? {} : value, path, NONE, problems)
      break
    case 'foreign':
    case 'json':
      break
  }
  if (problems.length > before) return
  const broken = brokenAttribute(attributes, value)
  if (broken !== undefined) problems.push({ path, text: `${broken} (got ${describeValue(value, attributes)})` })
}

const NONE: ReadonlySet<string> = new Set()

/** Keys of JSON objects are text; a map with number keys means numbers by them. */
function keyValue(keys: ElementDefinition, key: string): unknown {
  return (keys.type.kind === 'number' || keys.type.kind === 'integer') && key.trim() !== '' ? Number(key) : key
}

function wrongType(path: string, kind: string, value: unknown, attributes: ElementDefinition['attributes']): ConfigProblem {
  const article = /^[aeiou]/.test(kind) ? 'an' : 'a'
  return { path, text: `must be ${article} ${kind} (got ${describeValue(value, attributes)})` }
}

function isEmptyTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
