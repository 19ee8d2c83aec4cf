import { createHash } from 'node:crypto'

/** A uuid made from a text, the same one every time: entities of a declarative config keep their id over reloads. */
export function stableId(text: string): string {
  const hash = createHash('sha1').update(`kong-ts declarative config\n${text}`).digest()
  hash[6] = (hash.readUInt8(6) & 0x0f) | 0x50
  hash[8] = (hash.readUInt8(8) & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
