/** The content type of Kong's errors, by media type of the Accept header. */
const BY_MEDIA_TYPE: ReadonlyMap<string, string> = new Map([
  ['application/grpc', ''],
  ['text/html', 'text/html; charset=utf-8'],
  ['application/json', 'application/json; charset=utf-8'],
  ['text/plain', 'text/plain; charset=utf-8'],
  ['application/xml', 'application/xml; charset=utf-8'],
  ['application', 'application/json; charset=utf-8'],
  ['text', 'text/plain; charset=utf-8'],
])

const JSON_TYPE = 'application/json; charset=utf-8'
const RANGE =
  /^((?:[a-z0-9][a-z0-9\-!#$&^_+.]+|\*)\/(?:[a-z0-9][a-z0-9\-!#$&^_+.]+|\*))((?:\s*;\s*(?:q=(?:1(?:\.0{0,3})?|0(?:\.\d{0,3})?)|[a-z0-9][a-z0-9\-!#$&^_+.]+(?:=[^;]*)?))*)/i
const QUALITY = /;\s*q=(1(?:\.0{0,3})?|0(?:\.\d{0,3})?)/gi

/** Kong's content type of an error for an Accept header. The range with the highest quality decides; JSON when none fits. */
export function errorContentType(accept: string | undefined): string {
  let chosen = JSON_TYPE
  let highest = 0
  for (const part of (accept ?? '').split(',')) {
    const match = RANGE.exec(part.trim())
    if (!match) continue
    const qualities = [...(match[2] ?? '').matchAll(QUALITY)]
    const quality = Number(qualities.at(-1)?.[1] ?? 1)
    if (quality <= highest) continue
    highest = quality
    chosen = contentTypeOf(match[1] ?? '')
  }
  return chosen
}

function contentTypeOf(mediaType: string): string {
  const [type = '', subtype] = mediaType.split('/')
  if (subtype === '*') return (type === '*' ? undefined : BY_MEDIA_TYPE.get(type)) ?? JSON_TYPE
  return BY_MEDIA_TYPE.get(mediaType) ?? JSON_TYPE
}

type Template = (message: string, requestId: string) => string

function jsonBody(message: string, requestId: string): string {
  return `{\n  "message":"${message}",\n  "request_id":"${requestId}"\n}`
}

function plainBody(message: string, requestId: string): string {
  return `${message}\nrequest_id: ${requestId}\n`
}

function xmlBody(message: string, requestId: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<error>\n  <message>${message}</message>\n  <requestid>${requestId}</requestid>\n</error>\n`
}

function htmlBody(message: string, requestId: string): string {
  return [
    '<!doctype html>',
    '<html>',
    '  <head>',
    '    <meta charset="utf-8">',
    '    <title>Error</title>',
    '  </head>',
    '  <body>',
    '    <h1>Error</h1>',
    `    <p>${message}.</p>`,
    `    <p>request_id: ${requestId}</p>`,
    '  </body>',
    '</html>',
    '',
  ].join('\n')
}

function emptyBody(): string {
  return ''
}

const TEMPLATES: ReadonlyMap<string, Template> = new Map([
  ['application/json', jsonBody],
  [JSON_TYPE, jsonBody],
  ['text/html', htmlBody],
  ['text/html; charset=utf-8', htmlBody],
  ['application/xml', xmlBody],
  ['application/xml; charset=utf-8', xmlBody],
  ['text/plain', plainBody],
  ['text/plain; charset=utf-8', plainBody],
  ['application/grpc', emptyBody],
  ['', emptyBody],
])

/** Kong's error body in a content type, with the message not escaped. undefined for a type without a template. */
export function errorBody(contentType: string, message: string, requestId: string): string | undefined {
  return TEMPLATES.get(contentType)?.(message, requestId)
}
