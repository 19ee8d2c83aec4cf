import { formatWithOneArgument } from '../lua/lua-text.js'
import { LuaError } from '../lua/lua-error.js'
import { elementsOf, isTable, type LuaTable, type LuaValue } from '../lua/lua-table.js'
import { PLUGIN_ENTITY_FIELDS } from '../language/kong-schema.js'
import type { Warning } from './schema-warnings.js'
import type { KongFeatures } from '../versions/kong-version.js'
import type { FoundRecord } from './schema-walk.js'

/** What each member of a check's argument is for. */
interface CheckShape {
  /** Members without which Kong raises. */
  readonly needs: readonly string[]
  /** Members that hold names of fields. */
  readonly names: readonly string[]
  /** Members whose fields must exist; otherwise Kong raises on every config. */
  readonly strict: readonly string[]
  /** Members that hold error texts. */
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

/** Warns of what goes wrong with the entity checks of a record that Kong accepts. */
export function entityCheckWarnings(record: FoundRecord, { checksUnknownFields }: KongFeatures): Warning[] {
  const list = record.definition.get('entity_checks')
  if (list === null) return [{ attribute: 'entity_checks', text: 'null makes Kong answer 500 to every config' }]
  if (list === undefined || !isTable(list)) return []
  return elementsOf(list).flatMap((item, index) => {
    const entry = isTable(item) ? item.entries()[0] : undefined
    if (entry === undefined || !isTable(entry[1])) return []
    const name = String(entry[0])
    const attribute = `entity_checks[${index + 1}].${name}`
    return checkWarnings(record, name, entry[1], checksUnknownFields).map((text) => ({ attribute, text }))
  })
}

function checkWarnings(record: FoundRecord, check: string, argument: LuaTable, checksUnknownFields: boolean): string[] {
  const shape = shapes[check]
  if (shape === undefined) return nameWarnings(record, elementsOf(argument), strictLists.includes(check), checksUnknownFields)
  const isGiven = (member: string): boolean => (argument.get(member) ?? null) !== null
  if (!shape.names.some(isGiven)) return ['names no field, so it does nothing']
  const needs = isGiven('else_match') ? [...shape.needs, 'else_then_at_least_one_of'] : shape.needs
  return [
    ...needs
      .filter((member) => !isGiven(member))
      .map((member) => `lacks ${member}, which makes Kong answer 500 as soon as the check needs it`),
    ...shape.names.flatMap((member) =>
      nameWarnings(record, namesIn(argument.get(member)), shape.strict.includes(member), checksUnknownFields),
    ),
    ...shape.texts.flatMap((member) => templateWarnings(member, argument.get(member))),
  ]
}

function namesIn(value: LuaValue): readonly LuaValue[] {
  return typeof value === 'string' ? [value] : elementsOf(value)
}

function nameWarnings(record: FoundRecord, names: readonly LuaValue[], isStrict: boolean, checksUnknownFields: boolean): string[] {
  return names.flatMap((name) => {
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
    const effect = checksUnknownFields ? 'it always counts as empty' : 'it always counts as empty, and Kong answers 500 when it is sent'
    return [`names "${name}", which is no field: ${effect}`]
  })
}

/** Whether a path names a field. At the top of a plugin it may also be one of the fields that Kong adds. */
function isField(definition: LuaTable, path: readonly string[]): boolean {
  const [head, ...rest] = path
  const found = elementsOf(definition.get('fields'))
    .flatMap((item) => (isTable(item) ? item.entries() : []))
    .find(([name]) => name === head)
  if (found === undefined) return definition.get('type') === undefined && OWN_FIELDS.has(head ?? '')
  return rest.length === 0 || (isTable(found[1]) && isField(found[1], rest))
}

const OWN_FIELDS = new Set([...PLUGIN_ENTITY_FIELDS, 'config'])

function templateWarnings(member: string, template: LuaValue): string[] {
  if (template === undefined) return []
  if (typeof template !== 'string') return [`has ${member} null, which makes Kong answer 500 when the check fails`]
  try {
    formatWithOneArgument(template, '')
    return []
  } catch (error) {
    if (error instanceof LuaError)
      return [`has a ${member} that Lua cannot format, so Kong answers 500 when the check fails: ${error.message}`]
    throw error
  }
}
