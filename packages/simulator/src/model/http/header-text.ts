/** A header name as Lua hands it to nginx: what is no token character is percent-encoded. */
export function encodeHeaderName(name: string): string {
  return name.replace(/[^!#$%&'*+\-.^_`|~0-9A-Za-z]/g, percent)
}

/** A header value as Lua hands it to nginx: control characters are percent-encoded, so that no line can be injected. */
export function encodeHeaderValue(value: string): string {
  return value.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, percent)
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
