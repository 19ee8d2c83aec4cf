/**
 * Makes a serializer that never throws of pino's, which writes marks into errors and reads all their members: neither a frozen error nor a member
 * that throws may cost the record, or the server.
 */
export function createErrorSerializer(usual: (error: Error) => unknown): (thrown: unknown) => unknown {
  return (thrown) => {
    try {
      return thrown instanceof Error ? usual(thrown) : thrown
    } catch {
      return essence(thrown)
    }
  }
}

function essence(thrown: unknown): unknown {
  try {
    return thrown instanceof Error
      ? { type: thrown.name, message: String(thrown.message), stack: String(thrown.stack) }
      : { message: String(thrown) }
  } catch {
    return { message: 'an error that cannot be read' }
  }
}
