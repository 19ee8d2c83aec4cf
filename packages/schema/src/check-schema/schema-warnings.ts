import { isCoreEntity } from '../entities/core-entities.js'
import { type LuaTable, elementsOf, isTable, type LuaValue } from '../lua/lua-table.js'
import { compileRules } from '../engine/field-rules.js'
import { checkLuaPattern } from '../lua/check-lua-pattern.js'
import { LuaError } from '../lua/lua-error.js'
import { luaFromJson } from '../lua/json-value.js'
import type { KongFeatures } from '../versions/kong-version.js'
import type { FoundRecord, FoundField } from './schema-walk.js'

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

/** Something that Kong accepts, but that does not work as written. */
export interface Warning {
  readonly attribute: string
  readonly text: string
}

/** Values of each type, on which rules are tried. */
const samples: ReadonlyMap<string, readonly LuaValue[]> = new Map(
  Object.entries({
    string: ['a', '5', 'some longer text', '\u00e9'],
    number: [0, 1, -1.5, 1e6],
    integer: [0, 1, -1, 1e6],
    boolean: [true, false],
    array: [{}, ['a']],
    set: [{}, ['a']],
    map: [{}, { a: 'b' }],
    record: [{}],
    foreign: [{ id: '00000000-0000-0000-0000-000000000000' }],
  }).map(([type, values]) => [type, values.map((value) => luaFromJson(value))]),
)

const patternRules = ['match', 'not_match', 'match_all', 'match_none', 'match_any']

/** Warns of what goes wrong with a field that Kong accepts. */
export function fieldWarnings({ definition, isDirect }: FoundField, features: KongFeatures): Warning[] {
  return [
    ...raisingRules(definition, features),
    ...patternWarnings(definition),
    ...nullWarnings(definition),
    ...hopelessRules(definition),
    ...foreignWarnings(definition, isDirect),
    ...jsonWarnings(definition, isDirect),
  ]
}

/** Finds rules that make Kong's Lua raise on values of the field's own type. Runs each rule alone on sample values. */
function raisingRules(definition: LuaTable, features: KongFeatures): Warning[] {
  const type = definition.get('type')
  const values = typeof type === 'string' ? samples.get(type) : undefined
  if (values === undefined) return []
  return definition.entries().flatMap(([key, argument]) => {
    const attribute = String(key)
    if (patternRules.includes(attribute) && type === 'string' && argument !== null) return []
    // Without a len_min a string would get one of 1.
    const other = (name: string): LuaValue => (name === 'len_min' && type === 'string' ? 0 : undefined)
    const rules = compileRules((name) => (name === attribute ? argument : other(name)), { type, features, custom: new Map() })
    const error = values.map((value) => raisedBy(() => rules.forEach((rule) => rule(value)))).find((text) => text !== undefined)
    return error === undefined ? [] : [{ attribute, text: `makes Kong answer 500 to values of this ${type}: ${error}` }]
  })
}

function raisedBy(run: () => void): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof LuaError) return error.message
    throw error
  }
}

function patternsOf(rule: string, argument: LuaValue): LuaValue[] {
  if (typeof argument === 'string') return [argument]
  if (!isTable(argument)) return []
  return elementsOf(rule === 'match_any' ? argument.get('patterns') : argument).flatMap((item) => {
    const pattern = isTable(item) ? item.get('pattern') : item
    return pattern === undefined ? [] : [pattern]
  })
}

function patternWarnings(definition: LuaTable): Warning[] {
  return patternRules.flatMap((rule) =>
    patternsOf(rule, definition.get(rule)).flatMap((pattern) => {
      const error = typeof pattern === 'string' ? checkLuaPattern(pattern) : undefined
      if (error === undefined) return []
      return [
        {
          attribute: rule,
          text: `the Lua pattern ${JSON.stringify(pattern)} makes Kong answer 500 to texts that reach its fault: ${error}`,
        },
      ]
    }),
  )
}

function nullWarnings(definition: LuaTable): Warning[] {
  const warnings: Warning[] = []
  if (definition.get('required') === null) {
    warnings.push({ attribute: 'required', text: 'null counts as true when a value is missing, but not when defaults are filled in' })
  }
  if (definition.get('err') === null) {
    warnings.push({ attribute: 'err', text: 'null becomes the message; POST /config raises on it instead of answering 400' })
  }
  if (definition.get('deprecation') === null) {
    warnings.push({ attribute: 'deprecation', text: 'null makes Kong answer 500 to every value of this field' })
  }
  return warnings
}

function hopelessRules(definition: LuaTable): Warning[] {
  const warnings: Warning[] = []
  const limits = definition.get('between')
  const [low, high] = elementsOf(limits)
  if (typeof low === 'number' && typeof high === 'number' && low > high) {
    warnings.push({ attribute: 'between', text: 'refuses every value, because its limits are the wrong way round' })
  }
  const wanted = definition.get('eq')
  if (isTable(wanted)) {
    warnings.push({ attribute: 'eq', text: 'refuses every value, because Lua compares tables by identity' })
  }
  const type = definition.get('type')
  const least = definition.get('len_min')
  if ((type === 'record' || type === 'foreign') && typeof least === 'number' && least > 0) {
    warnings.push({ attribute: 'len_min', text: `refuses every value, because a ${type} has no list items to count` })
  }
  if (type === 'function' && definition.get('required') === true) {
    warnings.push({ attribute: 'required', text: 'can never be met, because JSON has no functions' })
  }
  return warnings
}

function foreignWarnings(definition: LuaTable, isDirect: boolean): Warning[] {
  if (definition.get('type') !== 'foreign' || !isDirect) return []
  const reference = definition.get('reference')
  if (typeof reference === 'string' && isCoreEntity(reference)) return []
  return [{ attribute: 'reference', text: 'names no entity of Kong, which makes Kong answer 500 to every config of the record around it' }]
}

function jsonWarnings(definition: LuaTable, isDirect: boolean): Warning[] {
  if (definition.get('type') !== 'json') return []
  if (!isDirect) return [{ attribute: 'type', text: 'json inside an array or set is always refused, and inside a map never checked' }]
  const source = definition.get('json_schema')
  if (source === undefined || !isTable(source)) return []
  if (source.get('inline') === null) return [{ attribute: 'json_schema.inline', text: 'null makes Kong answer 500 to every value' }]
  const sibling = source.get('parent_subschema_key')
  if (typeof sibling !== 'string') return []
  return [{ attribute: 'json_schema', text: `makes Kong answer 500 to every config in which the field ${sibling} has no value` }]
}
