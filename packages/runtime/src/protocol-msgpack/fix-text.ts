/** MessagePack of an ASCII text of up to 31 characters. */
export function fixText(text: string): Buffer {
  return Buffer.concat([Buffer.of(0xa0 | text.length), Buffer.from(text, 'latin1')])
}
