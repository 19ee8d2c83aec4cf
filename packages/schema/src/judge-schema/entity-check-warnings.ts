import { formatWithOneArgument } from '../schema-values/lua-text.js'
import { LuaRaise } from '../schema-values/lua-raise.js'
import { elementsOf, getKey, isTable, tableEntries, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'
import { PLUGIN_ENTITY_FIELDS } from '../language/plugin-entity-fields.js'
import type { Warning } from './field-warnings.js'
import type { FoundRecord } from './schema-walk.js'

/** Members without which a check raises, and those that hold names of fields. */
interface CheckShape {
  readonly needs: readonly string[]
  readonly names: readonly string[]
  /** Members whose fields must exist, else every config raises. */
  readonly strict: readonly string[]
  readonly texts: readonly string[]
}

const shapes: Readonly<Record<string, CheckShape>> = {
  conditional: {
    needs: ['if_field', 'if_match', 'then_field', 'then_match'],
    names: ['if_field', 'then_field'],
    strict: ['if_field'],
    texts: ['then_err'],
  },
  conditional_at_least_one_of: {
    needs: ['if_match', 'then_at_least_one_of'],
    names: ['if_field', 'then_at_least_one_of', 'else_then_at_least_one_of'],
    strict: [],
    texts: ['then_err', 'else_then_err'],
  },
  mutually_exclusive_sets: { needs: ['set1', 'set2'], names: ['set1', 'set2'], strict: [], texts: [] },
  custom_entity_check: { needs: ['fn'], names: ['field_sources'], strict: ['field_sources'], texts: [] },
}

const strictLists = ['only_one_of', 'distinct']

/** What is wrong with the entity checks of a record that Kong accepts. */
export const entityCheckWarnings = (record: FoundRecord, isNewest: boolean): Warning[] => {
  const list = getKey(record.definition, 'entity_checks')
  if (list === null) return [{ attribute: 'entity_checks', text: 'null makes Kong answer 500 to every config' }]
  if (list === undefined || !isTable(list)) return []
  return elementsOf(list).flatMap((item, index) => {
    const entry = isTable(item) ? tableEntries(item)[0] : undefined
    if (entry === undefined || !isTable(entry[1])) return []
    const name = String(entry[0])
    const attribute = `entity_checks[${index + 1}].${name}`
    return checkWarnings(record, name, entry[1], isNewest).map((text) => ({ attribute, text }))
  })
}

const checkWarnings = (record: FoundRecord, check: string, argument: LuaTable, isNewest: boolean): string[] => {
  const shape = shapes[check]
  if (shape === undefined) return nameWarnings(record, elementsOf(argument), strictLists.includes(check), isNewest)
  const isGiven = (member: string): boolean => (getKey(argument, member) ?? null) !== null
  if (!shape.names.some(isGiven)) return ['names no field, so it does nothing']
  const needs = isGiven('else_match') ? [...shape.needs, 'else_then_at_least_one_of'] : shape.needs
  return [
    ...needs
      .filter((member) => !isGiven(member))
      .map((member) => `lacks ${member}, which makes Kong answer 500 as soon as the check needs it`),
    ...shape.names.flatMap((member) => nameWarnings(record, namesIn(getKey(argument, member)), shape.strict.includes(member), isNewest)),
    ...shape.texts.flatMap((member) => templateWarnings(member, getKey(argument, member))),
  ]
}

const namesIn = (value: LuaValue | undefined): readonly (LuaValue | undefined)[] =>
  typeof value === 'string' ? [value] : value !== undefined && isTable(value) ? elementsOf(value) : []

const nameWarnings = (record: FoundRecord, names: readonly (LuaValue | undefined)[], isStrict: boolean, isNewest: boolean): string[] =>
  names.flatMap((name) => {
    if (typeof name !== 'string') return []
    if (isField(record.definition, name.split('.'))) {
      const outer = name
        .replace(/^config\./, '')
        .split('.')
        .slice(0, -1)
        .join('.')
      return isStrict && outer !== '' ? [`names "${name}": Kong answers 500 when ${outer} is refused as a whole, as null may be`] : []
    }
    if (isStrict) return [`names "${name}", which is no field: Kong answers 500 to every config`]
    const effect = isNewest ? 'it always counts as empty' : 'it always counts as empty, and Kong answers 500 when it is sent'
    return [`names "${name}", which is no field: ${effect}`]
  })

/** Names at the top of a plugin may be fields of Kong's own, which are not looked up here. */
const isField = (definition: LuaTable, path: readonly string[]): boolean => {
  const [head, ...rest] = path
  const fields = getKey(definition, 'fields')
  const found = elementsOf(isTable(fields) ? fields : {})
    .flatMap((item) => (isTable(item) ? tableEntries(item) : []))
    .find(([name]) => name === head)
  if (found === undefined) return getKey(definition, 'type') === undefined && OWN_FIELDS.has(head ?? '')
  return rest.length === 0 || (isTable(found[1]) && isField(found[1], rest))
}

const OWN_FIELDS = new Set([...PLUGIN_ENTITY_FIELDS, 'config'])

const templateWarnings = (member: string, template: LuaValue | undefined): string[] => {
  if (template === undefined) return []
  if (typeof template !== 'string') return [`has ${member} null, which makes Kong answer 500 when the check fails`]
  try {
    formatWithOneArgument(template, '')
    return []
  } catch (error) {
    if (error instanceof LuaRaise)
      return [`has a ${member} that Lua cannot format, so Kong answers 500 when the check fails: ${error.message}`]
    throw error
  }
}
