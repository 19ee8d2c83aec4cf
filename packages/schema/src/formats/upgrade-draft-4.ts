import type { JsonValue } from '../language/kong-schema.js'

type Keywords = { [keyword: string]: JsonValue }

/** Keywords whose value is a schema, a list of schemas, or an object of schemas. */
const SCHEMAS: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'not'])
const SCHEMA_LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf'])
const SCHEMA_OBJECTS: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'definitions'])

/** Rewrites a JSON schema of draft 4, which Kong's json fields have, in 2020-12. */
export function upgradeDraft4(schema: JsonValue): Keywords {
  if (!isObject(schema)) return {}
  const upgraded: Keywords = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'id' && typeof value === 'string') upgraded['$id'] = value
    else if (keyword === '$schema' || keyword === 'exclusiveMinimum' || keyword === 'exclusiveMaximum') continue
    else if (keyword === 'items' && isList(value)) upgraded['prefixItems'] = value.map(upgradeDraft4)
    else if (keyword === 'additionalItems') {
      if (isList(schema['items'])) upgraded['items'] = upgradeValue(value)
    } else if (keyword === 'dependencies') Object.assign(upgraded, upgradeDependencies(value))
    else if (SCHEMAS.has(keyword)) upgraded[keyword] = upgradeValue(value)
    else if (SCHEMA_LISTS.has(keyword) && isList(value)) upgraded[keyword] = value.map(upgradeDraft4)
    else if (SCHEMA_OBJECTS.has(keyword) && isObject(value)) upgraded[keyword] = upgradeMembers(value)
    else upgraded[keyword] = value
  }
  return {
    ...upgraded,
    ...upgradeLimit(schema, 'minimum', 'exclusiveMinimum', upgraded),
    ...upgradeLimit(schema, 'maximum', 'exclusiveMaximum', upgraded),
  }
}

/** In draft 4 an exclusive limit is a flag beside the limit. */
function upgradeLimit(schema: Keywords, limit: string, exclusive: string, upgraded: Keywords): Keywords {
  const value = schema[limit]
  if (schema[exclusive] !== true || value === undefined) return {}
  delete upgraded[limit]
  return { [exclusive]: value }
}

function upgradeDependencies(value: JsonValue): Keywords {
  if (!isObject(value)) return {}
  const lists = Object.entries(value).filter(([, dependency]) => isList(dependency))
  const schemas = Object.entries(value).filter(([, dependency]) => isObject(dependency))
  return {
    ...(lists.length === 0 ? {} : { dependentRequired: Object.fromEntries(lists) }),
    ...(schemas.length === 0 ? {} : { dependentSchemas: upgradeMembers(Object.fromEntries(schemas)) }),
  }
}

function upgradeMembers(members: Keywords): Keywords {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, upgradeDraft4(member)]))
}

function upgradeValue(value: JsonValue): JsonValue {
  return typeof value === 'boolean' ? value : upgradeDraft4(value)
}

function isObject(value: JsonValue | undefined): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
