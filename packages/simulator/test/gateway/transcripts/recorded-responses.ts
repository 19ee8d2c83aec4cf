import { isRecord, normaliseHeaders, normalise } from '../../model/corpus/normalise.js'

/** A response as the recorder's curl printed it. */
export interface RecordedResponse {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  /** Absent where only some lines were kept. */
  readonly body?: string
}

/** The responses under each note, in the order of the notes; a note may come several times. */
export function readRecordedResponses(text: string): readonly { readonly note: string; readonly list: readonly RecordedResponse[] }[] {
  return (
    text
      .replaceAll('\r\n', '\n')
      // A body without a line break has the next note right behind it.
      .split(/(?:^|(?<="}))# /m)
      .slice(1)
      .map((block) => {
        const end = block.indexOf('\n')
        return { note: block.slice(0, end), list: readBlock(block.slice(end + 1)) }
      })
  )
}

function readBlock(block: string): RecordedResponse[] {
  const responses = block.split(/^(?=HTTP\/1\.1 )|  (?=HTTP\/1\.1 )/m).filter((text) => text.startsWith('HTTP/1.1 '))
  return responses.length > 1 ? responses.map((text) => readResponse(text.replace(/ {2}/g, '\n'))) : responses.map(readResponse)
}

function readResponse(text: string): RecordedResponse {
  const [head = '', ...rest] = text.split('\n\n')
  const [statusLine = '', ...lines] = head.split('\n')
  const headers = lines.flatMap((line) => {
    const [, name, value] = /^([\w-]+): (.*)$/.exec(line.trimEnd()) ?? []
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
  const isWhole = headers.some(([name]) => name === 'Server') && rest.length > 0
  const body = rest.join('\n\n').replace(/\s*(?:time_total=\S+\s*)?$/, '')
  return { status: Number(statusLine.slice(9, 12)), headers, ...(isWhole ? { body } : {}) }
}

/** A response in the form in which a recording and a replay compare: headers by name, an echoed request as its content. */
export function comparableResponse(status: unknown, headers: readonly (readonly [string, string])[], body: string | undefined): unknown {
  const sorted = headers.map(([name, value]) => [name.toLowerCase(), value] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return normalise({ status, headers: normaliseHeaders(sorted), ...(body === undefined ? {} : { body: comparableBody(body) }) })
}

function comparableBody(body: string): unknown {
  if (!body.startsWith('{')) return body
  const document: unknown = JSON.parse(body)
  if (!isRecord(document) || !Array.isArray(document['rawHeaders'])) return document
  // A plugin's headers table has no order in Lua: what follows Kong's own headers is compared by name.
  const raw: readonly unknown[] = document['rawHeaders']
  const pairs = Array.from({ length: raw.length / 2 }, (_, index) => [String(raw[2 * index]), String(raw[2 * index + 1])])
  return { ...document, rawHeaders: pairs.sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0)) }
}
