import { lstat, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { GatewayStartError } from '../report/gateway-report.js'

/** Tells whether something accepts connections on a unix socket. */
export function canConnect(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** Distinguishes one binding of a path from the next; undefined when the path does not exist. */
export async function socketIdentity(path: string): Promise<string | undefined> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined)
  return found === undefined ? undefined : `${found.ino} ${found.ctimeNs}`
}

/**
 * Makes a path free for a plugin server: removes a socket that nobody listens on.
 * @throws GatewayStartError for a socket in use or a file that is not a socket.
 */
export async function freeSocketPath(path: string, pluginServer: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return
  if (!found.isSocket()) throw occupied('exists and is not a socket')
  if (await canConnect(path)) throw occupied('is in use by another process')
  await rm(path, { force: true })

  function occupied(how: string): GatewayStartError {
    return new GatewayStartError(`plugin server "${pluginServer}": ${path} ${how}; give it another socket`)
  }
}

/** Removes the socket that an ended plugin server has left, unless another process listens there. */
export async function removeDeadSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.isSocket() === true && !(await canConnect(path))) await rm(path, { force: true })
}
