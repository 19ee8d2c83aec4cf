/** Fields that every plugin entity of Kong has beside `config`: what entity checks at top level may name without the schema declaring it. */
export const PLUGIN_ENTITY_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'name',
  'instance_name',
  'created_at',
  'updated_at',
  'route',
  'service',
  'consumer',
  'protocols',
  'enabled',
  'tags',
])
