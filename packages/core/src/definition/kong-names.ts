/** Keys that Kong adds to the configuration that it sends. Kong would overwrite a field of the same name. */
export const KEYS_KONG_ADDS: ReadonlySet<string> = new Set([
  'route_id',
  'service_id',
  'consumer_id',
  'plugin_instance_name',
  '__key__',
  '__seq__',
  '__plugin_id',
  '__ws_id',
  '$refs',
])

/** Whether a plugin can have this name: it becomes part of socket paths, setting names and error texts. */
export function isPluginName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]*$/.test(name)
}

/** Kong's spelling of a property: `maxCalls` → `max_calls`, `APIKey` → `api_key`. */
export function toSnakeCase(name: string): string {
  return splitWords(name).join('_')
}

/** Kong's spelling of a plugin class: `RequestGuard` → `request-guard`. */
export function toKebabCase(name: string): string {
  return splitWords(name).join('-')
}

function splitWords(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}
