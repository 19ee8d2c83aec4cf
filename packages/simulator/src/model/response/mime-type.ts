/** What Kong answers errors in, by media type of the Accept header. */
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

/** The content type of an error for an Accept header: the range with the highest quality decides, JSON when nothing fits. */
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

const JSON_TEMPLATE: Template = (message, id) => `{\n  "message":"${message}",\n  "request_id":"${id}"\n}`
const PLAIN_TEMPLATE: Template = (message, id) => `${message}\nrequest_id: ${id}\n`
const XML_TEMPLATE: Template = (message, id) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<error>\n  <message>${message}</message>\n  <requestid>${id}</requestid>\n</error>\n`
const HTML_TEMPLATE: Template = (message, id) =>
  [
    '<!doctype html>',
    '<html>',
    '  <head>',
    '    <meta charset="utf-8">',
    '    <title>Error</title>',
    '  </head>',
    '  <body>',
    '    <h1>Error</h1>',
    `    <p>${message}.</p>`,
    `    <p>request_id: ${id}</p>`,
    '  </body>',
    '</html>',
    '',
  ].join('\n')

const TEMPLATES: ReadonlyMap<string, Template> = new Map([
  ['application/json', JSON_TEMPLATE],
  [JSON_TYPE, JSON_TEMPLATE],
  ['text/html', HTML_TEMPLATE],
  ['text/html; charset=utf-8', HTML_TEMPLATE],
  ['application/xml', XML_TEMPLATE],
  ['application/xml; charset=utf-8', XML_TEMPLATE],
  ['text/plain', PLAIN_TEMPLATE],
  ['text/plain; charset=utf-8', PLAIN_TEMPLATE],
  ['application/grpc', () => ''],
  ['', () => ''],
])

/** The body of an error in a content type: the message is pasted in as it is. undefined for a type without a template. */
export function errorBody(contentType: string, message: string, requestId: string): string | undefined {
  return TEMPLATES.get(contentType)?.(message, requestId)
}
