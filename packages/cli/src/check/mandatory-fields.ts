import { fieldNamed, namedFields, type KongField, type KongSchema } from '@kong-ts/schema'

/** The fields that every configuration has to give: required ones that Kong fills nothing into. */
export function findMandatoryFields(schema: KongSchema): readonly string[] {
  const config = fieldNamed({ type: 'record', fields: schema.fields }, 'config')
  return config === undefined ? [] : inRecord(config, 'config')
}

/** Kong makes a required record by itself, so that only what it holds can be missing. */
function inRecord(record: KongField, path: string): readonly string[] {
  return namedFields(record).flatMap(([name, field]) => {
    if (field['required'] !== true || field['default'] !== undefined) return []
    return field.type === 'record' ? inRecord(field, `${path}.${name}`) : [`${path}.${name}`]
  })
}
