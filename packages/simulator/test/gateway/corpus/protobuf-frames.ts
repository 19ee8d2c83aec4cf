/** The frames of bytes, and what is left of them. */
export function takeFrames(bytes: Buffer): { readonly frames: readonly Buffer[]; readonly rest: Buffer } {
  const frames: Buffer[] = []
  let at = 0
  while (bytes.length >= at + 4 && bytes.length >= at + 4 + bytes.readUInt32LE(at)) {
    const length = bytes.readUInt32LE(at)
    frames.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return { frames, rest: bytes.subarray(at) }
}

/** Payloads with their lengths before them. */
export function joinFrames(payloads: readonly Buffer[]): Buffer {
  return Buffer.concat(
    payloads.flatMap((payload) => {
      const head = Buffer.alloc(4)
      head.writeUInt32LE(payload.length)
      return [head, payload]
    }),
  )
}
