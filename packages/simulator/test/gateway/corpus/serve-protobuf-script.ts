import { LuaTable } from '@kong-ts/schema/lua'
import { decodeMessage } from '../../../src/client/protobuf/decode-message.js'
import { encodeMessage } from '../../../src/client/protobuf/encode-message.js'
import { PDK_RPCS, RPC_CALL, RPC_RETURN } from '../../../src/client/protobuf/pdk-messages.js'
import { argumentMessage } from './protobuf-arguments.js'
import { joinFrames, takeFrames } from './protobuf-frames.js'
import { replyValue } from './protobuf-replies.js'
import type { ScriptedEvent } from './script-run.js'
import type { ServeConnection } from './scripted-plugin-server.js'

const INSTANCE_ID = 7

/** A scripted plugin server on ProtoBuf:1. Calls it cannot say are not to be in the script. */
export const serveProtobufScript: ServeConnection = (socket, run) => {
  let buffer: Buffer = Buffer.alloc(0)
  let running: { readonly event: ScriptedEvent; readonly sequence: number } | undefined
  const returned = (sequence: number, status?: LuaTable): Buffer =>
    encodeMessage(RPC_RETURN, LuaTable.record([['sequence', sequence], ...(status ? [['instance_status', status] as const] : [])]))
  const advance = (): void => {
    if (running === undefined) return
    const call = run.nextCall(running.event)
    if (call === undefined) {
      socket.write(joinFrames([Buffer.alloc(0), returned(running.sequence)]))
      running = undefined
      return
    }
    const argument = argumentMessage(call.method, call.args)
    const rpc = PDK_RPCS.get(call.method)
    if (rpc === undefined || argument === undefined) throw new Error(`ProtoBuf:1 cannot say ${call.method}`)
    socket.write(joinFrames([Buffer.from(call.method), encodeMessage(rpc.input, argument)]))
  }
  const called = (frame: Buffer): void => {
    const call = decodeMessage(RPC_CALL, frame)
    const sequence = Number(call.get('sequence'))
    const event = call.get('cmd_handle_event')
    if (event instanceof LuaTable) {
      running = { event: run.openEvent(String(event.get('event_name'))), sequence }
      advance()
    } else socket.write(joinFrames([returned(sequence, LuaTable.record([['instance_id', INSTANCE_ID]]))]))
  }
  socket.on('data', (chunk) => {
    const { frames, rest } = takeFrames(Buffer.concat([buffer, chunk]))
    buffer = Buffer.from(rest)
    for (const frame of frames) {
      const current = running?.event.current
      if (current === undefined) called(frame)
      else {
        current.answer = { step: undefined, value: replyValue(current.method, frame) }
        advance()
      }
    }
    run.moved()
  })
}
