import type { Socket } from 'node:net'
import { isPhase } from '@kong-ts/core/server'
import { type KongTsError } from '@kong-ts/core'
import { ProtocolError } from '../errors/server-errors.js'
import { IdSequence } from '../instance/instance-ids.js'
import type { ServedInstance } from '../instance/served-instance.js'
import {
  reportRefusal,
  reportUnknownPhase,
  type ConnectionHandler,
  type ProtocolOptions,
  type ServerProtocol,
} from '../protocol/server-protocol.js'
import { BufferBudget } from '../wire/byte-queue.js'
import type { Int64 } from './field-reader.js'
import { FrameWriter } from './frame-writer.js'
import { MessageCodec } from './message-codec.js'
import type { CommandMessage } from './message-definitions.js'
import { PdkCodec } from './pdk-codec.js'
import { ProtobufConnection, type ConnectionTools } from './protobuf-connection.js'
import { ProtobufEvent } from './protobuf-event.js'

/** Kong's ProtoBuf:1: starts and closes instances, and handles events. */
export class ProtobufProtocol implements ServerProtocol {
  readonly #options: ProtocolOptions
  readonly #tools: ConnectionTools
  readonly #ids = new IdSequence()
  readonly #events = new Set<ProtobufEvent>()
  readonly #forget = (event: ProtobufEvent): void => {
    this.#events.delete(event)
  }

  constructor(options: ProtocolOptions) {
    this.#options = options
    const messages = new MessageCodec()
    this.#tools = {
      messages,
      codec: new PdkCodec(messages),
      writer: new FrameWriter(),
      limits: options.limits,
      budget: new BufferBudget(options.limits.maxBufferedBytes, options.counters),
      handleEvent: (connection, { sequence, instanceId, eventName }) => this.#handleEvent(connection, sequence, instanceId, eventName),
      command: (connection, command) => this.#command(connection, command),
      refused: (error) => reportRefusal(error, options),
    }
  }

  accept(socket: Socket): ConnectionHandler {
    return new ProtobufConnection(socket, this.#tools)
  }

  dropAbandoned(before: number): void {
    for (const event of this.#events) {
      if (!event.isAbandoned(before)) continue
      this.#options.counters.abandonedEvents++
      event.abandon()
    }
  }

  expire(before: number, error: KongTsError): void {
    for (const event of this.#events) if (event.keepsKongWaiting(before)) event.expire(error)
  }

  #command(
    connection: ProtobufConnection,
    { sequence, start_instance: start, close_instance: close, handle_event: handle }: CommandMessage,
  ): void {
    if (handle !== undefined) this.#handleEvent(connection, sequence, handle.instance_id, handle.event_name)
    else if (start !== undefined) void this.#startInstance(connection, sequence, start.name, Buffer.from(start.config).toString('utf8'))
    else if (close !== undefined) this.#closeInstance(connection, sequence, close.instance_id)
    else throw new ProtocolError('a command that Kong does not send')
  }

  #handleEvent(connection: ProtobufConnection, sequence: Int64, instanceId: number, phaseName: string): void {
    const { instances, runner, log, clock } = this.#options
    const served = instances.find(instanceId)
    if (served === undefined) {
      // Nothing else makes Kong start the instance anew and repeat the event.
      log.debug({ instance: instanceId }, 'no such instance: connection closed, so that Kong starts it anew')
      connection.close()
      return
    }
    const phase = isPhase(phaseName) ? served.definition.phases.get(phaseName) : undefined
    if (phase === undefined) {
      this.#unknownPhase(connection, sequence, served, phaseName)
      return
    }
    const event = new ProtobufEvent(this.#ids.next(), served, phase, runner, connection, sequence, clock, this.#forget)
    this.#events.add(event)
    event.begin()
  }

  #unknownPhase(connection: ProtobufConnection, sequence: Int64, served: ServedInstance, phase: string): void {
    if (reportUnknownPhase(served, phase, this.#options).endsRequest) connection.failRequest()
    else connection.endEvent(sequence)
  }

  /**
   * Closes the connection when the instance does not start, because there is no message for an error. Kong then answers the request with 500, and
   * tries again with the next one.
   */
  async #startInstance(connection: ProtobufConnection, sequence: Int64, name: string, config: string): Promise<void> {
    const { definitions, instances, log } = this.#options
    const definition = definitions.get(name)
    try {
      if (definition === undefined) throw new TypeError(`no plugin ${name} in this server, which has ${[...definitions.keys()].join(', ')}`)
      connection.returnInstance(sequence, name, await instances.start(definition, config))
    } catch (err) {
      log.error({ plugin: name, err }, 'instance does not start')
      connection.close()
    }
  }

  /** Returns at once, because Kong's worker waits for the return. Running events must not hold it up. */
  #closeInstance(connection: ProtobufConnection, sequence: Int64, instanceId: number): void {
    void this.#options.instances.close(instanceId)
    connection.returnInstance(sequence, '', instanceId)
  }
}
