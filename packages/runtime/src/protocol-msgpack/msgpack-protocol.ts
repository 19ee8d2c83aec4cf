import { randomInt } from 'node:crypto'
import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { PHASES_WITH_RESPONSE, failureAnswer, isPhase } from '@kong-ts/core/server'
import { type KongTsError } from '@kong-ts/core'
import { EventIds, failsClosed } from '../event/event-ids.js'
import type { ServedInstance } from '../instance/served-instance.js'
import {
  reportRefusal,
  reportUnknownPhase,
  type ConnectionHandler,
  type ProtocolOptions,
  type ServerProtocol,
} from '../protocol/server-protocol.js'
import { BufferBudget } from '../wire/byte-queue.js'
import { AnswerWriter } from './answer-writer.js'
import { MessageReader } from './message-reader.js'
import { MsgpackConnection, type ConnectionTools } from './msgpack-connection.js'
import { MsgpackEvent } from './msgpack-event.js'
import { RpcRequest } from './rpc-request.js'

/** Kong's MsgPack:1: starts and closes instances, and handles events and their steps. */
export class MsgpackProtocol implements ServerProtocol {
  readonly #options: ProtocolOptions
  readonly #tools: ConnectionTools
  readonly #ids = new EventIds()
  readonly #events = new Map<number, MsgpackEvent>()
  readonly #forget = (event: MsgpackEvent): void => {
    this.#events.delete(event.id)
  }
  #serverPid = randomInt(2 ** 20, 2 ** 31)

  constructor(options: ProtocolOptions) {
    this.#options = options
    this.#tools = {
      reader: new MessageReader(options.limits),
      request: new RpcRequest(),
      answers: new AnswerWriter(),
      limits: options.limits,
      budget: new BufferBudget(options.limits.maxBufferedBytes, options.counters),
      handle: (connection, request) => this.#handle(connection, request),
      refused: (error) => reportRefusal(error, options),
    }
  }

  accept(socket: Socket): ConnectionHandler {
    return new MsgpackConnection(socket, this.#tools)
  }

  dropAbandoned(before: number): void {
    for (const event of this.#events.values()) {
      if (!event.isAbandoned(before)) continue
      this.#options.counters.abandonedEvents++
      event.abandon()
    }
  }

  expire(before: number, error: KongTsError): void {
    for (const event of this.#events.values()) if (event.keepsKongWaiting(before)) event.expire(error)
  }

  #handle(connection: MsgpackConnection, request: RpcRequest): void {
    const { id, eventId } = request
    // A step is recognised by its EventId. Its method name can be anything, because a client's `?_method=x` reaches it.
    if (typeof eventId === 'number') {
      const event = this.#events.get(eventId)
      if (event !== undefined) event.step(connection, id, request.data)
      else this.#unknownStep(connection, id, eventId)
      return
    }
    switch (request.method) {
      case 'plugin.HandleEvent':
        this.#handleEvent(connection, id, request.instanceId, request.eventName)
        break
      case 'plugin.StartInstance':
        void this.#startInstance(connection, id, request.table['Name'], request.table['Config'])
        break
      case 'plugin.CloseInstance':
        this.#closeInstance(connection, id, request.scalar)
        break
      default:
        connection.answerError(id, `no method ${describeName(request.method)} here`)
    }
  }

  /**
   * Answers a step of an event that was given up, or that belonged to a server that has died. Kong lets the request go on after an error, so a
   * request that must not pass is ended: Kong takes the exit for the event's next call.
   */
  #unknownStep(connection: MsgpackConnection, messageId: number, eventId: number): void {
    const { counters, log } = this.#options
    counters.unknownSteps++
    const closed = failsClosed(eventId)
    log.warn({ event: eventId }, `step of an unknown event: ${closed ? 'client answered with 500' : 'the request goes on'}`)
    if (closed) connection.answerCall(messageId, eventId, 'kong.response.exit', failureAnswer(500))
    else connection.answerError(messageId, `no event ${eventId}: it ended, or was given up`)
  }

  #handleEvent(connection: MsgpackConnection, messageId: number, instanceId: unknown, phaseName: unknown): void {
    const { instances, runner, clock } = this.#options
    const served = typeof instanceId === 'number' ? instances.find(instanceId) : undefined
    if (served === undefined) {
      this.#unknownInstance(connection, messageId, instanceId)
      return
    }
    const phase = typeof phaseName === 'string' && isPhase(phaseName) ? served.definition.phases.get(phaseName) : undefined
    if (phase === undefined) {
      this.#unknownPhase(connection, messageId, served, describeName(phaseName))
      return
    }
    const id = this.#ids.next(!phase.failOpen && PHASES_WITH_RESPONSE.has(phase.phase))
    const event = new MsgpackEvent(id, served, phase, runner, clock, this.#forget)
    this.#events.set(id, event)
    event.begin(connection, messageId)
  }

  #unknownPhase(connection: MsgpackConnection, messageId: number, served: ServedInstance, phase: string): void {
    const { text, endsRequest } = reportUnknownPhase(served, phase, this.#options)
    if (endsRequest) connection.answerCall(messageId, this.#ids.next(true), 'kong.response.exit', failureAnswer(500))
    else connection.answerError(messageId, text)
  }

  /**
   * Makes Kong start the instance anew. The error text alone is not enough: Kong 3.5 and 3.6 keep the stale id and ask for ever. In every version
   * a worker drops its instances when it gets another `serverPid` than before. Two different ones are sent, because the first may be the first
   * that this worker gets.
   */
  #unknownInstance(connection: MsgpackConnection, messageId: number, instanceId: unknown): void {
    const first = this.#serverPid
    this.#serverPid = first + 2
    const notifications = [['serverPid', first] as const, ['serverPid', first + 1] as const]
    connection.answerError(messageId, `no plugin instance ${typeof instanceId === 'number' ? instanceId : 'of that kind'}`, notifications)
  }

  async #startInstance(connection: MsgpackConnection, messageId: number, name: unknown, config: unknown): Promise<void> {
    const { definitions, instances, log } = this.#options
    const definition = typeof name === 'string' ? definitions.get(name) : undefined
    if (definition === undefined || typeof config !== 'string') {
      connection.answerError(
        messageId,
        definition === undefined
          ? `no plugin ${describeName(name)} in this server, which has ${[...definitions.keys()].join(', ')}`
          : 'StartInstance without a Config text',
      )
      return
    }
    try {
      const id = await instances.start(definition, config)
      connection.answerResult(messageId, { Name: definition.name, Id: id, Config: {}, StartTime: Date.now() / 1000 })
    } catch (err) {
      log.error({ plugin: definition.name, err }, 'instance does not start')
      connection.answerError(messageId, err instanceof Error ? err.message : inspect(err))
    }
  }

  #closeInstance(connection: MsgpackConnection, messageId: number, instanceId: unknown): void {
    // Kong's worker waits for the answer. Running events must not hold it up.
    if (typeof instanceId === 'number') void this.#options.instances.close(instanceId)
    connection.answerResult(messageId, { Id: typeof instanceId === 'number' ? instanceId : 0 })
  }
}

/** Shows what Kong sent as a name. Anything but text is shown by its type, because a table without prototype cannot become text. */
function describeName(value: unknown): string {
  return typeof value === 'string' ? value : `of type ${typeof value}`
}
