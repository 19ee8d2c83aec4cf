const LONE_SURROGATE = /\p{Surrogate}/u

/** Tells whether a text has halves of surrogate pairs: what `decodeText` makes of bytes that are not UTF-8, and nothing that UTF-8 can write. */
export function hasLoneSurrogates(text: string): boolean {
  return LONE_SURROGATE.test(text)
}
