import { lstat, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { GatewayStartError } from '../report/gateway-errors.js'

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

/** What tells one binding of a path from the next: undefined when nothing is there. */
export async function socketIdentity(path: string): Promise<string | undefined> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined)
  return found === undefined ? undefined : `${found.ino} ${found.ctimeNs}`
}

/**
 * Makes a path free for a plugin server: a socket nobody listens on is removed.
 * @throws GatewayStartError for a socket in use or a file that is no socket.
 */
export async function freeSocketPath(path: string, pluginServer: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return
  const fault = (what: string): GatewayStartError =>
    new GatewayStartError(`plugin server "${pluginServer}": ${path} ${what}; give it another socket`)
  if (!found.isSocket()) throw fault('is there and no socket')
  if (await canConnect(path)) throw fault('is in use by another process')
  await rm(path, { force: true })
}

/** Removes what a plugin server has left behind, unless someone else listens there by now. */
export async function removeDeadSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.isSocket() === true && !(await canConnect(path))) await rm(path, { force: true })
}
