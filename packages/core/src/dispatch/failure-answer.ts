/** What a client is told when a plugin fails. As in Kong, nothing of the error leaves the server. */
const BODIES = {
  500: '{"message":"An unexpected error occurred"}',
  504: '{"message":"The request took too long"}',
} as const
const JSON_HEADERS = Object.freeze({ 'content-type': 'application/json; charset=utf-8' })

/** Arguments of the `kong.response.exit` that ends a request in a failed plugin's stead: 500, or 504 when its time was over. */
export function failureAnswer(status: 500 | 504): readonly unknown[] {
  return [status, BODIES[status], JSON_HEADERS]
}
