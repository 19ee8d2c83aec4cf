import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPluginDefinition, type Constructor } from '@kong-ts/core/server'
import { PluginServer, createServerLog, type PluginServerOptions } from '@kong-ts/runtime'
import { KongClient } from './kong-client.js'

/** A server on a socket of its own, with its log lines kept. */
export interface TestServer {
  readonly server: PluginServer
  readonly socketPath: string
  readonly log: readonly string[]
  connect(): Promise<KongClient>
  close(): Promise<void>
}

export async function startTestServer(plugins: readonly Constructor[], options: Partial<PluginServerOptions> = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
  const socketPath = options.socketPath ?? join(folder, 'p.socket')
  const lines: string[] = []
  const log = createServerLog({ level: 'debug', format: 'text', write: (line) => lines.push(line) })
  const server = new PluginServer(
    plugins.map((plugin) => buildPluginDefinition(plugin)),
    { log, ...options, socketPath },
  )
  await server.listen()
  const clients: KongClient[] = []
  return {
    server,
    socketPath,
    log: lines,
    async connect() {
      const client = await KongClient.connect(socketPath)
      clients.push(client)
      return client
    },
    async close() {
      for (const client of clients) client.close()
      // Events that a test left open are not waited for.
      await server.close(50)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
