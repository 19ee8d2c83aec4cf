/**
 * Tells whether an object keeps its content elsewhere than in its members, so that Kong would get an empty table in its place, or one of numbers:
 * a promise that nobody awaited, binary data that is no `Uint8Array`.
 */
export function hasHiddenContent(value: object): boolean {
  return value instanceof Promise || ArrayBuffer.isView(value) || value instanceof ArrayBuffer
}
