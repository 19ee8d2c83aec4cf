/** A message as plain data, with bytes as base64 as in protobuf's JSON. */
export function plainMessage(message: unknown): unknown {
  return JSON.parse(
    JSON.stringify(message, (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value)),
  )
}
