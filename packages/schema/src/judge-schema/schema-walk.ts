import { elementsOf, getKey, isRecord, isTable, tableEntries, type LuaRecord, type LuaTable } from '../schema-values/lua-value.js'

/** One field definition of a schema and where it stands. */
export interface FoundField {
  /** As Kong counts it: `fields[1].fields[2].elements`. */
  readonly path: string
  /** As people say it: `config.rules[]`. */
  readonly name: string
  readonly definition: LuaRecord
  /** Whether a record holds it directly, rather than a list or map. */
  readonly isDirect: boolean
}

/** A definition with `fields`: the schema itself or a record. */
export interface FoundRecord {
  readonly path: string
  readonly name: string
  readonly definition: LuaTable
  readonly fields: readonly FoundField[]
}

const join = (left: string, right: string): string => (left === '' ? right : `${left}.${right}`)

const nestedNames = { elements: '[]', keys: '{key}', values: '{}' } as const

const directFields = (definition: LuaTable, path: string, name: string): FoundField[] => {
  const list = getKey(definition, 'fields')
  if (!isTable(list)) return []
  return elementsOf(list).flatMap((item, index) => {
    const entry = isTable(item) ? tableEntries(item)[0] : undefined
    if (entry === undefined || !isRecord(entry[1])) return []
    return [{ path: join(path, `fields[${index + 1}]`), name: join(name, String(entry[0])), definition: entry[1], isDirect: true }]
  })
}

const nestedFields = (field: FoundField): FoundField[] =>
  Object.entries(nestedNames).flatMap(([attribute, mark]) => {
    const definition = getKey(field.definition, attribute)
    if (!isRecord(definition)) return []
    return [{ path: join(field.path, attribute), name: field.name + mark, definition, isDirect: false }]
  })

/** All records of a schema, itself first. */
export const findRecords = (schema: LuaTable): FoundRecord[] => {
  const records: FoundRecord[] = []
  const visitRecord = (definition: LuaTable, path: string, name: string): void => {
    const fields = directFields(definition, path, name)
    records.push({ path, name, definition, fields })
    fields.forEach(visitField)
  }
  const visitField = (field: FoundField): void => {
    if (getKey(field.definition, 'type') === 'record') visitRecord(field.definition, field.path, field.name)
    else nestedFields(field).forEach(visitField)
  }
  visitRecord(schema, '', '')
  return records
}

/** All fields of a schema, those inside lists and maps included. */
export const findFields = (schema: LuaTable): FoundField[] => {
  const withNested = (field: FoundField): FoundField[] => [field, ...nestedFields(field).flatMap(withNested)]
  return findRecords(schema).flatMap(({ fields }) => fields.flatMap(withNested))
}
