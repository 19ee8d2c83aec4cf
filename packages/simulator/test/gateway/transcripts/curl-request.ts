import type { CorpusCase } from '../../model/corpus/corpus-case.js'

/** The bytes curl 7.88.1 sends for a command line of the recordings. */
export function curlRequest(note: string): CorpusCase['request'] {
  const [, method, url = '', rest = ''] = /^curl (?:-X (\S+) )?(?:--http1\.0 )?(http:\S+)(.*)$/.exec(note) ?? []
  const { host, pathname, search } = new URL(url)
  const body = / -d (.*)$/.exec(rest)?.[1]
  const given = rest
    .replace(/ -d .*$/, '')
    .split(/ -H /)
    .slice(1)
    .map((text) => {
      const [, name = '', mark, value = ''] = /^([^:;]+)(:|;) ?(.*)$/.exec(text) ?? []
      return { name, empty: mark === ';', value }
    })
  const isRemoved = (header: string): boolean =>
    given.some(({ name, empty, value }) => !empty && value === '' && name.toLowerCase() === header)
  const headers: [string, string][] = [['Host', host]]
  if (!isRemoved('user-agent')) headers.push(['User-Agent', 'curl/7.88.1'])
  if (!isRemoved('accept')) headers.push(['Accept', '*/*'])
  for (const { name, empty, value } of given) if (empty || value !== '') headers.push([name, value])
  if (body !== undefined) headers.push(['Content-Length', String(Buffer.byteLength(body))])
  return {
    method: method ?? 'GET',
    target: `${pathname}${search === '' && url.endsWith('?') ? '?' : search}`,
    // An empty header has no space after its colon.
    wire_head: headers.map(([name, value]) => `${name}:${value === '' ? '' : ` ${value}`}\r\n`).join(''),
    version: note.includes('--http1.0') ? 'HTTP/1.0' : 'HTTP/1.1',
    headers,
    body: body ?? '',
  }
}
