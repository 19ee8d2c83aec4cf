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
