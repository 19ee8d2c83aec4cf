import { decodeBody, type BodyOptions } from './decode-body.js'

/** What has a body with an encoding: a request, or the service's response. */
export interface BodySource {
  getRawBody(): Promise<Uint8Array>
  getHeader(name: string): Promise<string | undefined>
}

/** The body with its content encoding undone; an empty one is not worth asking for the encoding. */
export async function decodedBody(source: BodySource, options: BodyOptions | undefined): Promise<Uint8Array> {
  const body = await source.getRawBody()
  return body.length === 0 ? body : decodeBody(body, await source.getHeader('content-encoding'), options)
}
