import { fieldNamed, namedFields, partOf, type KongField, type KongSchema } from '@kong-ts/schema'
import { formatTable } from './format-table.js'

const HEADINGS = ['field', 'type', 'required', 'default', 'rules', 'description']

/** Attributes that have a column of their own, or hold the parts of the field. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set([
  'type',
  'required',
  'default',
  'description',
  'fields',
  'elements',
  'keys',
  'values',
  'entity_checks',
  'examples',
  'reference',
  'json_schema',
])

/** A plugin's schema as lines: one for each field, then those for the plugin as a whole. */
export function formatSchemaTable(schema: KongSchema): readonly string[] {
  const entity: KongField = { type: 'record', fields: schema.fields }
  const config = fieldNamed(entity, 'config')
  const rows = config === undefined ? [] : recordRows(config, 'config')
  const scope = namedFields(entity).flatMap(([name, field]) => (name === 'config' ? [] : [formatTopLevel(name, field)]))
  const checks = [...formatChecks('plugin', schema.entity_checks), ...recordChecks(config, 'config')]
  return [...(rows.length === 0 ? ['no fields'] : formatTable(HEADINGS, rows)), '', ...scope, ...checks]
}

function recordRows(record: KongField, path: string): readonly (readonly string[])[] {
  return namedFields(record).flatMap(([name, field]) => fieldRows(field, `${path}.${name}`))
}

function fieldRows(field: KongField, path: string): readonly (readonly string[])[] {
  const isRequired = field['required'] === true
  const { description } = field
  const row = [
    path,
    typeName(field),
    isRequired ? 'yes' : '',
    show(field['default']),
    rules(field),
    typeof description === 'string' ? description : '',
  ]
  return [row, ...innerRows(field, path)]
}

/** The rows of records inside lists and maps. */
function innerRows(field: KongField, path: string): readonly (readonly string[])[] {
  if (field.type === 'record') return recordRows(field, path)
  const part = partOf(field, 'elements') ?? partOf(field, 'values')
  return part === undefined ? [] : innerRows(part, `${path}[]`)
}

function typeName(field: KongField): string {
  const elements = partOf(field, 'elements')
  if (elements !== undefined) return `${field.type} of ${typeName(elements)}`
  const values = partOf(field, 'values')
  if (values !== undefined) return `map of ${typeName(values)}`
  return field.type === 'foreign' ? `foreign ${String(field['reference'])}` : field.type
}

function rules(field: KongField): string {
  const own = Object.entries(field).flatMap(([name, value]) =>
    SHOWN_ELSEWHERE.has(name) || value === undefined ? [] : [value === true ? name : `${name} ${show(value)}`],
  )
  const parts = (['elements', 'keys', 'values'] as const).flatMap((name) => {
    const part = partOf(field, name)
    const text = part === undefined ? '' : rules(part)
    return text === '' ? [] : [`${name}: ${text}`]
  })
  return [...own, ...parts].join('; ')
}

function show(value: KongField[string]): string {
  return value === undefined ? '' : JSON.stringify(value)
}

function formatTopLevel(name: string, field: KongField): string {
  if (field['eq'] === null) return `never configured for a ${name}`
  const oneOf = partOf(field, 'elements')?.['one_of']
  return `${name}: ${Array.isArray(oneOf) ? oneOf.join(', ') : rules(field) || field.type}`
}

function recordChecks(record: KongField | undefined, path: string): readonly string[] {
  if (record === undefined) return []
  return [
    ...formatChecks(path, record['entity_checks']),
    ...namedFields(record).flatMap(([name, field]) => innerChecks(field, `${path}.${name}`)),
  ]
}

function innerChecks(field: KongField, path: string): readonly string[] {
  if (field.type === 'record') return recordChecks(field, path)
  const part = partOf(field, 'elements') ?? partOf(field, 'values')
  return part === undefined ? [] : innerChecks(part, `${path}[]`)
}

function formatChecks(path: string, checks: unknown): readonly string[] {
  return Array.isArray(checks) ? checks.map((check: unknown) => `${path}: ${JSON.stringify(check)}`) : []
}
