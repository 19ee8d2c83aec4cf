import type { ProtocolName } from '../protocol/protocol-name.js'
import type { ProtocolOptions } from '../protocol/protocol-options.js'
import type { ServerProtocol } from '../protocol/server-protocol.js'

/** Loads the protocol a server speaks, and not the other one's library. */
export async function createProtocol(name: ProtocolName, options: ProtocolOptions): Promise<ServerProtocol> {
  if (name === 'ProtoBuf:1') {
    const { ProtobufProtocol } = await import('../protocol-protobuf/protobuf-protocol.js')
    return new ProtobufProtocol(options)
  }
  const { MsgpackProtocol } = await import('../protocol-msgpack/msgpack-protocol.js')
  return new MsgpackProtocol(options)
}
