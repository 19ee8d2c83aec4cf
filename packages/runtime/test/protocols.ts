import { ProtobufKongClient } from './protobuf-kong-client.js'
import type { TestServer } from './test-server.js'

/** What every test of a plugin server runs on, unless it is about one of them. */
export const PROTOCOLS = ['MsgPack:1', 'ProtoBuf:1'] as const

/** Kong's side of either protocol, as far as they are alike. */
export interface WorkerClient {
  startInstance(name: string, config?: object): Promise<number>
  closeInstance(id: number): Promise<unknown>
  runEvent(id: number, phase: string, answers?: Readonly<Record<string, string>>): Promise<readonly string[]>
}

/** A connection of a worker of Kong's; it closes with the server. */
export async function connectWorker(server: TestServer, protocol: (typeof PROTOCOLS)[number]): Promise<WorkerClient> {
  return protocol === 'MsgPack:1' ? server.connect() : ProtobufKongClient.connect(server.socketPath)
}
