import type { BodyFault } from '../../model/index.js'
import type { AskingClient } from './asking-client.js'
import { chunkOf, LAST_CHUNK } from './chunk-framing.js'
import type { PacedWriter } from './paced-writer.js'

/** Why a client's body did not get to the service. */
export type UploadEnd = 'complete' | 'service-gone' | BodyFault

/** Passes a client's body on to a service while it comes. The client is held back while the service does not take its bytes. */
export async function passRequestBody(client: AskingClient, service: PacedWriter, isChunked: boolean): Promise<UploadEnd> {
  let length = 0
  for (;;) {
    const piece = await client.body.next(client.bodyTimeoutMs)
    if (piece === 'complete') return !isChunked || (await service.write(LAST_CHUNK)) ? 'complete' : 'service-gone'
    if (typeof piece === 'string') return piece
    length += piece.length
    if (length > client.maxBodyBytes) return 'too-large'
    if (!(await service.write(...(isChunked ? chunkOf(piece) : [piece])))) return 'service-gone'
  }
}
