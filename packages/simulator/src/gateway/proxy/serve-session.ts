import { connect as connectTcp, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { connect as connectTls } from 'node:tls'
import { type ClientConnection, type ConnectionTarget, createConnection, type KongEntity, type KongNode } from '../../model/index.js'
import { PacedWriter } from '../net/paced-writer.js'
import type { Generation } from '../plugins/generation.js'
import type { GatewayLog } from '../report/gateway-report.js'
import { matchStreamRoute } from '../router/router.js'
import { ConnectionPlugins } from './connection-plugins.js'
import { ECHO_HOST } from './echo-upstream.js'

interface SessionOptions {
  readonly generation: Generation
  readonly worker: number
  readonly log: GatewayLog
}

const CONNECT_MS = 60_000
const SEND_MS = 60_000

/**
 * Serves one connection of `stream_listen`: runs preread handlers, carries bytes in both directions until one side ends, then runs log
 * handlers. Closes a connection without route.
 */
export async function serveSession(socket: Socket, client: ClientConnection, { generation, worker, log }: SessionOptions): Promise<void> {
  const routed = matchStreamRoute(generation.config.routes, client)
  if (routed === undefined) {
    socket.destroy()
    return
  }
  const connection = createConnection(generation.node, client)
  const plugins = new ConnectionPlugins(connection, worker, log)
  connection.routed(routed.route, routed.service)
  const scope = { ...idOf('route', routed.route), ...idOf('service', routed.service) }
  const entries = [...generation.plugins.collect(() => scope)]
  await plugins.run('preread', entries)
  const { exit, target } = connection
  if (exit?.body !== undefined && exit.status < 400) await new PacedWriter(socket, SEND_MS).write(Buffer.from(exit.body, 'latin1'))
  if (exit === undefined && !plugins.failed && target !== undefined) await carry(socket, target, generation.node, log)
  socket.destroy()
  await plugins.run('log', entries)
}

function idOf(name: 'route' | 'service', entity: KongEntity | undefined): { readonly route?: string; readonly service?: string } {
  const id = entity?.get('id')
  return typeof id === 'string' ? { [name]: id } : {}
}

/** Connects to the target and carries bytes until both directions have ended. */
async function carry(socket: Socket, target: ConnectionTarget, node: KongNode, log: GatewayLog): Promise<void> {
  if (target.host === ECHO_HOST) return pipeline(socket, socket).catch(() => undefined)
  const peer = node.upstreams.get(target.host)?.next([]) ?? target
  const service = await open(peer.host, peer.port, target.tls)
  if (service === undefined) {
    log('error', `stream proxy: no connection to ${peer.host}:${peer.port}`)
    return
  }
  await Promise.allSettled([pipeline(socket, service), pipeline(service, socket)])
  service.destroy()
}

function open(host: string, port: number, tls: boolean): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const options = { host, port, allowHalfOpen: true }
    const socket = tls ? connectTls({ ...options, rejectUnauthorized: false }) : connectTcp(options)
    const timer = setTimeout(() => settle(undefined), CONNECT_MS)
    const settle = (connected: Socket | undefined): void => {
      clearTimeout(timer)
      if (connected === undefined) socket.destroy()
      resolve(connected)
    }
    socket.on('error', () => settle(undefined))
    socket.once(tls ? 'secureConnect' : 'connect', () => settle(socket))
  })
}
