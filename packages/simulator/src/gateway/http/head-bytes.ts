import type { HeaderList } from '../../model/index.js'

/** A head as bytes: the first line, the headers in their order, an empty line. */
export function headBytes(firstLine: string, headers: HeaderList): Buffer {
  return Buffer.from(`${firstLine}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1')
}
