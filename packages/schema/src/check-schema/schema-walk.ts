import { elementsOf, isTable, type LuaTable } from '../lua/lua-table.js'

/** A field definition and its place in the schema. */
export interface FoundField {
  /** Counted from 1 as in Kong: `fields[1].fields[2].elements`. */
  readonly path: string
  /** As people write it: `config.rules[]`. */
  readonly name: string
  readonly definition: LuaTable
  /** Whether the field stands directly in a record, not in a list or map. */
  readonly isDirect: boolean
}

/** A definition with `fields`: the schema itself or a record. */
export interface FoundRecord {
  readonly path: string
  readonly name: string
  readonly definition: LuaTable
  readonly fields: readonly FoundField[]
}

function join(left: string, right: string): string {
  return left === '' ? right : `${left}.${right}`
}

const nestedNames = { elements: '[]', keys: '{key}', values: '{}' } as const

function directFields(definition: LuaTable, path: string, name: string): FoundField[] {
  const list = definition.get('fields')
  if (!isTable(list)) return []
  return elementsOf(list).flatMap((item, index) => {
    const entry = isTable(item) ? item.entries()[0] : undefined
    if (entry === undefined || !isTable(entry[1])) return []
    return [{ path: join(path, `fields[${index + 1}]`), name: join(name, String(entry[0])), definition: entry[1], isDirect: true }]
  })
}

function nestedFields(field: FoundField): FoundField[] {
  return Object.entries(nestedNames).flatMap(([attribute, mark]) => {
    const definition = field.definition.get(attribute)
    if (!isTable(definition)) return []
    return [{ path: join(field.path, attribute), name: field.name + mark, definition, isDirect: false }]
  })
}

/** All records of a schema, itself first. */
export function findRecords(schema: LuaTable): FoundRecord[] {
  const records: FoundRecord[] = []
  const visitRecord = (definition: LuaTable, path: string, name: string): void => {
    const fields = directFields(definition, path, name)
    records.push({ path, name, definition, fields })
    fields.forEach(visitField)
  }
  const visitField = (field: FoundField): void => {
    if (field.definition.get('type') === 'record') visitRecord(field.definition, field.path, field.name)
    else nestedFields(field).forEach(visitField)
  }
  visitRecord(schema, '', '')
  return records
}

/** All fields of a schema, those inside lists and maps included. */
export function findFields(schema: LuaTable): FoundField[] {
  const withNested = (field: FoundField): FoundField[] => [field, ...nestedFields(field).flatMap(withNested)]
  return findRecords(schema).flatMap(({ fields }) => fields.flatMap(withNested))
}
