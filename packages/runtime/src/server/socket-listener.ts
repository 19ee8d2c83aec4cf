import { randomBytes } from 'node:crypto'
import { lstatSync, unlinkSync, type Stats } from 'node:fs'
import { chmod, lstat, rename, stat, unlink } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { ServerStartError } from '../errors/server-errors.js'
import { askSocketOwner } from './server-status.js'

/** The longest path of a unix socket on Linux, without its final zero byte. */
const MAX_PATH_BYTES = 107

export interface ListeningSocket {
  /** Stops accepting, and removes the path if it is still this server's. Accepted connections stay open. */
  close(): void
}

export interface ListenOptions {
  readonly path: string
  /** Permissions of the socket file. Who may write to it may run plugins. */
  readonly mode: number
  /** Names of the plugins to serve. A live socket is taken over only from a server that serves one of them. */
  readonly plugins: readonly string[]
  /** Takes each connection, paused. */
  readonly accept: (socket: Socket) => void
  /** Called when a connection cannot be accepted, for example because no file descriptor is left. The server goes on. */
  readonly acceptFailed: (error: Error) => void
}

/**
 * Listens on a unix socket path. The socket is bound under another name in the same folder and renamed, so that the path is never missing or
 * unusable. During `kong reload` the new server takes over the path while the old one still serves its connections.
 *
 * @throws ServerStartError when the path cannot be used, or another program listens on it.
 */
export async function listenOnSocket({ path, mode, plugins, accept, acceptFailed }: ListenOptions): Promise<ListeningSocket> {
  const temporary = join(dirname(path), `.${randomBytes(4).toString('hex')}`)
  for (const candidate of [path, temporary]) {
    if (Buffer.byteLength(candidate) > MAX_PATH_BYTES) {
      throw new ServerStartError(
        `socket path ${candidate} is longer than ${MAX_PATH_BYTES} bytes: choose a shorter -kong-prefix, or set -socket`,
      )
    }
  }
  await assertFolder(dirname(path))
  await assertReplaceable(path, plugins)

  const server = createServer({ pauseOnConnect: true }, accept)
  let bound: Stats
  try {
    await listen(server, temporary)
    await chmod(temporary, mode)
    // Read before the rename: afterwards the path may already be another server's socket.
    bound = await lstat(temporary)
    await rename(temporary, path)
  } catch (cause) {
    server.close()
    await unlink(temporary).catch(() => undefined)
    throw startError(path, cause)
  }
  server.on('error', acceptFailed)

  return {
    close() {
      removeIfSame(path, bound)
      server.close()
    },
  }
}

/**
 * Removes a socket file, unless another server's has taken its place. Checks and removes in one tick: with a wait in between, a successor's socket
 * would be removed. No other file can have the inode while the socket is bound, so this must run before it is closed.
 */
function removeIfSame(path: string, bound: Stats): void {
  try {
    const { dev, ino } = lstatSync(path)
    if (dev === bound.dev && ino === bound.ino) unlinkSync(path)
  } catch {
    // The path is gone, or not ours to remove.
  }
}

/** Checks the folder first: binding in a folder that does not exist fails as if the folder were not writable. */
async function assertFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found === undefined) throw new ServerStartError(`folder ${folder} does not exist: create it, or set -kong-prefix to Kong's prefix`)
  if (!found.isDirectory()) throw new ServerStartError(`${folder} is not a folder: set -kong-prefix to Kong's prefix`)
}

/**
 * Never replaces a file that is not a socket, because it is somebody's data, nor the socket of another program. Replaces the socket of a server
 * with the same plugin: `kong reload` starts the new server while the old one lives.
 */
async function assertReplaceable(path: string, plugins: readonly string[]): Promise<void> {
  const existing = await lstat(path).catch(() => undefined)
  if (existing === undefined) return
  if (!existing.isSocket()) throw new ServerStartError(`${path} exists and is not a socket: remove it, or choose another -kong-prefix`)
  const owner = await askSocketOwner(path)
  if (owner.kind === 'stranger') {
    throw new ServerStartError(
      `another program listens on ${path} and does not say that it serves ${plugins.join(', ')}: end it, or set another -socket`,
    )
  }
  if (owner.kind === 'plugin-server' && !owner.status.plugins.some((name) => plugins.includes(name))) {
    throw new ServerStartError(
      `process ${owner.status.pid} serves ${owner.status.plugins.join(', ')} on ${path}: give every plugin server its own -socket`,
    )
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path, backlog: 511 }, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

function startError(path: string, cause: unknown): ServerStartError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const folder = dirname(path)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new ServerStartError(`folder ${folder} is not writable by this user: run as Kong's user, or set another -kong-prefix`, { cause })
  return new ServerStartError(`cannot listen on ${path}: ${cause instanceof Error ? cause.message : String(cause)}. Check -kong-prefix`, {
    cause,
  })
}
