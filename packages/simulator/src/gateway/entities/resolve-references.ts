import { GatewayConfigError } from '../report/gateway-errors.js'
import { type DeclaredEntity, ENTITY_KINDS, type EntityKindName, isEntityKindName, PARENT_REFERENCE } from './entity-kinds.js'
import { isRecord } from './json-record.js'

/**
 * Replaces references by name by references by id.
 * @throws GatewayConfigError for a reference to an entity that does not exist, and for an id or name used twice.
 */
export function resolveReferences(entities: readonly DeclaredEntity[], file: string): readonly DeclaredEntity[] {
  const index = new Map<string, DeclaredEntity>()
  for (const entity of entities) {
    for (const key of [...ENTITY_KINDS[entity.kind].keys.map((name) => entity.fields[name]), entity.id]) {
      if (typeof key !== 'string' || entity.kind === 'targets') continue
      const other = index.get(`${entity.kind} ${key}`)
      if (other !== undefined && other !== entity) {
        throw new GatewayConfigError(`${file}: ${entity.path} and ${other.path} are both "${key}"; give each its own name and id`)
      }
      index.set(`${entity.kind} ${key}`, entity)
    }
  }
  return entities.map((entity) => {
    const fields: Record<string, unknown> = { ...entity.fields }
    for (const [name, type] of Object.entries(ENTITY_KINDS[entity.kind].fields)) {
      const target = kindOfReference(name)
      if (type !== 'reference' || fields[name] === undefined || target === undefined) continue
      const key = referenceKey(fields[name])
      const found = index.get(`${target} ${key}`)
      if (found === undefined) {
        const names = entities.filter((other) => other.kind === target).map(nameOf)
        const there = names.length === 0 ? `is no ${name}` : `are ${names.join(', ')}`
        throw new GatewayConfigError(`${file}: ${entity.path}.${name} names "${key}", but this file has no such ${name}; there ${there}`)
      }
      fields[name] = { id: found.id }
    }
    return { ...entity, fields }
  })
}

function kindOfReference(name: string): EntityKindName | undefined {
  const found = Object.entries(PARENT_REFERENCE).find(([, reference]) => reference === name)?.[0]
  return found !== undefined && isEntityKindName(found) ? found : undefined
}

function referenceKey(value: unknown): string {
  if (!isRecord(value)) return String(value)
  return String(value['id'] ?? value['name'] ?? value['username'])
}

function nameOf(entity: DeclaredEntity): string {
  const key = ENTITY_KINDS[entity.kind].keys.map((name) => entity.fields[name]).find((value) => typeof value === 'string')
  return typeof key === 'string' ? key : entity.id
}
