import { isCoreEntity } from '../entities/core-entities.js'
import type { LuaTable } from '../lua/lua-table.js'
import type { FoundRecord } from './schema-walk.js'

/** A warning with the path where it belongs. */
export interface PlacedWarning {
  readonly path: string
  readonly name: string
  readonly text: string
}

/** Warns of field names that Kong treats in a special way. */
export function fieldNameWarnings(record: FoundRecord): PlacedWarning[] {
  const seen = new Set<string>()
  return record.fields.flatMap(({ path, name }) => {
    const own = name.slice(name.lastIndexOf('.') + 1)
    const isTwice = seen.has(own)
    seen.add(own)
    if (isTwice) return [{ path, name, text: 'stands twice: the last definition validates, but the first default is filled in' }]
    if (record.name === '') return []
    if (own === 'updated_at') return [{ path, name, text: 'a field of this name is never validated' }]
    return own === '$refs' ? [{ path, name, text: 'a field of this name vanishes from the config' }] : []
  })
}

/** Warns of what goes wrong with an accepted plugin schema as a whole. */
export function schemaWarnings(schema: LuaTable, top: FoundRecord | undefined): PlacedWarning[] {
  const warnings: PlacedWarning[] = []
  const name = schema.get('name')
  if (typeof name === 'string' && isCoreEntity(name)) {
    const text = `replaces Kong's own entity ${name}, so foreign fields of this and other plugins raise or check the wrong thing`
    warnings.push({ path: 'name', name: '', text })
  }
  const config = top?.fields.find((field) => field.name === 'config')
  if (config === undefined) {
    warnings.push({ path: 'fields', name: 'config', text: 'is missing, so any config that is sent is refused' })
  } else if (config.definition.get('default') === null) {
    warnings.push({ path: `${config.path}.default`, name: 'config', text: 'null keeps a Kong without a database from starting' })
  }
  return warnings
}
