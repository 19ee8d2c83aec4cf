import { isNumeric, type ElementDefinition, type FieldType, type RecordDefinition } from '../definition/plugin-definition.js'
import type { ConfigProblem } from '../errors/plugin-errors.js'
import { isJsonObject, type JsonObject } from './sent-config.js'

/** How many problems are listed: more do not help anybody. */
const MOST_PROBLEMS = 100

/** Where Kong keeps the texts of the references that it resolved, in the record that holds the fields. */
const REFERENCES = '$refs'

/**
 * Checks that every value of a configuration has the kind that its field type asks for. Kong has checked all other rules.
 *
 * Accepts what Kong sends for a valid configuration: `null` or nothing for an unset field, `{}` for an empty list and `[]` for an empty map
 * or record (cjson has one empty table), numeric keys as text, and keys that are not fields, such as `__seq__` and `route_id`.
 *
 * Also finds secrets that Kong could not read: they arrive as `""`.
 */
export function checkShape(record: RecordDefinition, config: JsonObject): readonly ConfigProblem[] {
  const check = new ShapeCheck()
  check.record(record, config, 'config')
  return check.problems
}

class ShapeCheck {
  readonly problems: ConfigProblem[] = []

  record({ fields }: RecordDefinition, config: JsonObject, path: string): void {
    const references = config[REFERENCES]
    for (const field of fields) {
      if (!Object.hasOwn(config, field.name)) continue
      const value = config[field.name]
      const place = `${path}.${field.name}`
      this.#value(field, value, place)
      if (isJsonObject(references) && Object.hasOwn(references, field.name)) this.#references(references[field.name], value, place)
    }
  }

  #value(element: ElementDefinition, value: unknown, path: string): void {
    if (value === null) return
    const { type } = element
    switch (type.kind) {
      case 'array':
      case 'set':
        if (Array.isArray(value)) value.forEach((part: unknown, index) => this.#value(type.elements, part, `${path}[${index}]`))
        else if (!isEmptyTable(value)) this.#wrongKind(element, value, path)
        return
      case 'map':
        if (isJsonObject(value)) this.#entries(type, value, path)
        else if (!isEmptyTable(value)) this.#wrongKind(element, value, path)
        return
      case 'record':
        if (isJsonObject(value)) this.record(type.record, value, path)
        else if (!isEmptyTable(value)) this.#wrongKind(element, value, path)
        return
      default:
        if (!HAS_KIND[type.kind](value)) this.#wrongKind(element, value, path)
    }
  }

  #entries({ keys, values }: Extract<FieldType, { readonly kind: 'map' }>, map: JsonObject, path: string): void {
    for (const [key, value] of Object.entries(map)) {
      const name = JSON.stringify(key)
      if (isNumeric(keys.type) && !HAS_KIND[keys.type.kind === 'integer' ? 'integer' : 'number'](numberOf(key))) {
        this.#add(`${path} key ${name}`, `must be ${KIND_NAMES[keys.type.kind]}`)
      }
      this.#value(values, value, `${path}[${name}]`)
    }
  }

  /** References stand beside their fields in the same shape, at most one level deep. */
  #references(references: unknown, value: unknown, path: string): void {
    if (typeof references === 'string') {
      if (value === '') this.#add(path, `refers to a secret that Kong could not read: ${references}`)
    } else if (Array.isArray(references) && Array.isArray(value)) {
      value.forEach((part: unknown, index) => {
        if (typeof references[index] === 'string') this.#references(references[index], part, `${path}[${index}]`)
      })
    } else if (isJsonObject(references) && isJsonObject(value)) {
      for (const [key, part] of Object.entries(value)) {
        const reference = Object.hasOwn(references, key) ? references[key] : undefined
        if (typeof reference === 'string') this.#references(reference, part, `${path}[${JSON.stringify(key)}]`)
      }
    }
  }

  #wrongKind(element: ElementDefinition, value: unknown, path: string): void {
    this.#add(path, `must be ${KIND_NAMES[element.type.kind]} (got ${holdsSecret(element) ? nameOfKind(value) : shortJson(value)})`)
  }

  #add(path: string, text: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ path, text })
  }
}

const KIND_NAMES: Readonly<Record<FieldType['kind'], string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'a boolean',
  array: 'an array',
  set: 'an array',
  map: 'an object',
  record: 'an object',
  foreign: 'an object with the id of an entity',
  json: 'a JSON value',
}

const HAS_KIND: Readonly<Record<'string' | 'number' | 'integer' | 'boolean' | 'foreign' | 'json', (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  foreign: isJsonObject,
  json: () => true,
}

function isEmptyTable(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0
}

function numberOf(key: string): number {
  return key.trim() === '' ? Number.NaN : Number(key)
}

/** Whether a value of the field may contain a secret, in itself or in one of its parts. */
function holdsSecret({ type, attributes }: ElementDefinition): boolean {
  if (attributes['encrypted'] === true || attributes['referenceable'] === true) return true
  switch (type.kind) {
    case 'array':
    case 'set':
      return holdsSecret(type.elements)
    case 'map':
      return holdsSecret(type.values)
    case 'record':
      return type.record.fields.some(holdsSecret)
    default:
      return false
  }
}

function nameOfKind(value: unknown): string {
  return `a secret ${Array.isArray(value) ? 'list' : typeof value}`
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
