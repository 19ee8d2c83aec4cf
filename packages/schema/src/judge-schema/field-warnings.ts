import { isCoreEntity } from '../judge-config/core-entities.js'
import { compileRules } from '../engine/compile-rules.js'
import { checkLuaPattern } from '../lua-pattern/check-lua-pattern.js'
import { LuaRaise } from '../schema-values/lua-raise.js'
import { elementsOf, getKey, isTable, type LuaRecord, type LuaValue } from '../schema-values/lua-value.js'
import type { FoundField } from './schema-walk.js'

/** Something that Kong accepts, and that then does not do what it says. */
export interface Warning {
  readonly attribute: string
  readonly text: string
}

/** Values that a type lets through to its rules. */
const samples: Readonly<Record<string, readonly LuaValue[]>> = {
  string: ['a', '5', 'some longer text', '\u00e9'],
  number: [0, 1, -1.5, 1e6],
  integer: [0, 1, -1, 1e6],
  boolean: [true, false],
  array: [{}, ['a']],
  set: [{}, ['a']],
  map: [{}, { a: 'b' }],
  record: [{}],
  foreign: [{ id: '00000000-0000-0000-0000-000000000000' }],
}

const patternRules = ['match', 'not_match', 'match_all', 'match_none', 'match_any']

/** What is wrong with a field that Kong accepts. */
export const fieldWarnings = ({ definition, isDirect }: FoundField): Warning[] => [
  ...raisingRules(definition),
  ...patternWarnings(definition),
  ...nullWarnings(definition),
  ...hopelessRules(definition),
  ...foreignWarnings(definition, isDirect),
  ...jsonWarnings(definition, isDirect),
]

/** Rules that make Kong's Lua raise on values of the field's own type, found by running each of them alone. */
const raisingRules = (definition: LuaRecord): Warning[] => {
  const type = getKey(definition, 'type')
  const values = typeof type === 'string' ? samples[type] : undefined
  if (values === undefined) return []
  return Object.entries(definition).flatMap(([attribute, argument]) => {
    if (patternRules.includes(attribute) && type === 'string' && argument !== null) return []
    // A string would get a len_min of its own.
    const other = (name: string): LuaValue | undefined => (name === 'len_min' && type === 'string' ? 0 : undefined)
    const rules = compileRules((name) => (name === attribute ? argument : other(name)), type, new Map())
    const error = values.map((value) => raisedBy(() => rules.forEach((rule) => rule(value)))).find((text) => text !== undefined)
    return error === undefined ? [] : [{ attribute, text: `makes Kong answer 500 to values of this ${type}: ${error}` }]
  })
}

const raisedBy = (run: () => void): string | undefined => {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof LuaRaise) return error.message
    throw error
  }
}

const patternsOf = (rule: string, argument: LuaValue | undefined): LuaValue[] => {
  if (typeof argument === 'string') return [argument]
  if (!isTable(argument)) return []
  const list = rule === 'match_any' ? getKey(argument, 'patterns') : argument
  if (list === undefined || !isTable(list)) return []
  return elementsOf(list).flatMap((item) => {
    const pattern = isTable(item) ? getKey(item, 'pattern') : item
    return pattern === undefined ? [] : [pattern]
  })
}

const patternWarnings = (definition: LuaRecord): Warning[] =>
  patternRules.flatMap((rule) =>
    patternsOf(rule, getKey(definition, rule)).flatMap((pattern) => {
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

const nullWarnings = (definition: LuaRecord): Warning[] => {
  const warnings: Warning[] = []
  if (getKey(definition, 'required') === null) {
    warnings.push({ attribute: 'required', text: 'null counts as true when a value is missing, but not when defaults are filled in' })
  }
  if (getKey(definition, 'err') === null) {
    warnings.push({ attribute: 'err', text: 'null becomes the message; POST /config raises on it instead of answering 400' })
  }
  if (getKey(definition, 'deprecation') === null) {
    warnings.push({ attribute: 'deprecation', text: 'null makes Kong answer 500 to every value of this field' })
  }
  return warnings
}

const hopelessRules = (definition: LuaRecord): Warning[] => {
  const warnings: Warning[] = []
  const limits = getKey(definition, 'between')
  const [low, high] = isTable(limits) ? elementsOf(limits) : []
  if (typeof low === 'number' && typeof high === 'number' && low > high) {
    warnings.push({ attribute: 'between', text: 'refuses every value, because its limits are the wrong way round' })
  }
  const wanted = getKey(definition, 'eq')
  if (isTable(wanted)) {
    warnings.push({ attribute: 'eq', text: 'refuses every value, because Lua compares tables by identity' })
  }
  const type = getKey(definition, 'type')
  const least = getKey(definition, 'len_min')
  if ((type === 'record' || type === 'foreign') && typeof least === 'number' && least > 0) {
    warnings.push({ attribute: 'len_min', text: `refuses every value, because a ${type} has no list items to count` })
  }
  if (type === 'function' && getKey(definition, 'required') === true) {
    warnings.push({ attribute: 'required', text: 'can never be met, because JSON has no functions' })
  }
  return warnings
}

const foreignWarnings = (definition: LuaRecord, isDirect: boolean): Warning[] => {
  if (getKey(definition, 'type') !== 'foreign' || !isDirect) return []
  const reference = getKey(definition, 'reference')
  if (typeof reference === 'string' && isCoreEntity(reference)) return []
  return [{ attribute: 'reference', text: 'names no entity of Kong, which makes Kong answer 500 to every config of the record around it' }]
}

const jsonWarnings = (definition: LuaRecord, isDirect: boolean): Warning[] => {
  if (getKey(definition, 'type') !== 'json') return []
  if (!isDirect) return [{ attribute: 'type', text: 'json inside an array or set is always refused, and inside a map never checked' }]
  const source = getKey(definition, 'json_schema')
  if (source === undefined || !isTable(source)) return []
  if (getKey(source, 'inline') === null) return [{ attribute: 'json_schema.inline', text: 'null makes Kong answer 500 to every value' }]
  const sibling = getKey(source, 'parent_subschema_key')
  if (typeof sibling !== 'string') return []
  return [{ attribute: 'json_schema', text: `makes Kong answer 500 to every config in which the field ${sibling} has no value` }]
}
