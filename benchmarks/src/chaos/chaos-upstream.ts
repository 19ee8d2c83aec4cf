import { createServer } from 'node:http'
import { once } from 'node:events'

/** The service behind the gateway. Remembers which requests reached it, with the plugin's mark on them. */
export interface ChaosUpstream {
  readonly url: string
  /** Marks by request id; `undefined` for a request without a mark. */
  readonly reached: ReadonlyMap<string, string | undefined>
  close(): Promise<void>
}

export async function startUpstream(): Promise<ChaosUpstream> {
  const reached = new Map<string, string | undefined>()
  const server = createServer((request, response) => {
    const { 'x-id': id, 'x-guarded': mark } = request.headers
    reached.set(String(id), mark === undefined ? undefined : String(mark))
    response.end(String(id))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the upstream has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    reached,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
