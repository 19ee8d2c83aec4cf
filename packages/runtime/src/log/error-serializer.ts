/** What a record says of an error. */
type ErrorSerializer = (error: unknown) => unknown

/**
 * Makes a serializer that never throws of one that may: the usual one writes marks into errors and reads all their members, and neither a frozen
 * error nor a member that throws may cost the record, or the server.
 */
export function createErrorSerializer(usual: ErrorSerializer): ErrorSerializer {
  return (error) => {
    try {
      return usual(error)
    } catch {
      return essence(error)
    }
  }
}

function essence(error: unknown): unknown {
  try {
    return error instanceof Error ? { type: error.name, message: String(error.message), stack: String(error.stack) } : { message: String(error) }
  } catch {
    return { message: 'an error that cannot be read' }
  }
}
