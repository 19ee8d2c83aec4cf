import { isRecord } from '../../model/corpus/normalise.js'
import { decodeCorpus, encodeCorpus } from './corpus-msgpack.js'
import type { ScriptedEvent } from './script-run.js'
import type { ServeConnection } from './scripted-plugin-server.js'

/** A scripted plugin server on MsgPack:1. Events belong to the server: any of its connections may carry a step. */
export function serveMsgpackScript(): ServeConnection {
  const events = new Map<number, ScriptedEvent>()
  let lastId = 0
  return (socket, run) => {
    const step = (id: number, event: ScriptedEvent): unknown => {
      const call = run.nextCall(event)
      if (call !== undefined) return { EventId: id, Data: { Method: call.method, Args: call.args } }
      events.delete(id)
      return { EventId: id, Data: 'ret' }
    }
    const handle = (method: unknown, parameter: unknown): unknown => {
      if (isRecord(parameter) && typeof parameter['EventId'] === 'number') {
        const { EventId: id } = parameter
        const event = events.get(id)
        if (event === undefined) return { EventId: id, Data: 'ret' }
        if (event.current !== undefined)
          event.current.answer = { step: method, value: 'Data' in parameter ? parameter['Data'] : { $absent: true } }
        return step(id, event)
      }
      const id = ++lastId
      if (method === 'plugin.StartInstance') return { Name: '', Id: id, Config: '' }
      if (method !== 'plugin.HandleEvent' || !isRecord(parameter)) return { Id: id }
      const event = run.openEvent(String(parameter['EventName']))
      events.set(id, event)
      return step(id, event)
    }
    let buffer = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk])
      for (let message = decodeCorpus(buffer); message !== undefined; message = decodeCorpus(buffer)) {
        buffer = buffer.subarray(message.length)
        const [, id, method, parameters] = Array.isArray(message.value) ? message.value : []
        socket.write(encodeCorpus([1, id, null, handle(method, Array.isArray(parameters) ? parameters[0] : undefined)]))
        run.moved()
      }
    })
  }
}
