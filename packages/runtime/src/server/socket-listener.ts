import { randomBytes } from 'node:crypto'
import { chmod, lstat, rename, stat, unlink } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { askSocketOwner } from './ask-socket-owner.js'
import { ServerStartError } from './server-start-error.js'

/** Longest path a unix socket can have on Linux, without its final zero byte. */
const MAX_PATH_BYTES = 107

export interface ListeningSocket {
  /** Stops accepting, and removes the path if it is still this server's. Accepted connections stay. */
  close(): Promise<void>
}

export interface ListenOptions {
  readonly path: string
  /** Permissions of the socket file; whoever may write to it may run plugins. */
  readonly mode: number
  /** Names of the plugins that will be served there: a live socket is taken over only from a server that serves one of them. */
  readonly plugins: readonly string[]
  /** Takes each connection, paused. */
  readonly accept: (socket: Socket) => void
  /** Told when a connection cannot be accepted, as when the process has no file descriptor left. Others go on. */
  readonly acceptFailed: (error: Error) => void
}

/**
 * Listens on a unix socket path so that nobody ever finds it missing or half made: the socket is bound under another name beside it and renamed into place.
 * During `kong reload` the new server takes the path over while the old one still serves its connections.
 *
 * @throws ServerStartError for a path that cannot be used, or on which somebody else listens.
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
  let ino: number
  try {
    await listen(server, temporary)
    await chmod(temporary, mode)
    // Looked at while nobody else knows the name: behind the path there may be another server's socket at once.
    ;({ ino } = await lstat(temporary))
    await rename(temporary, path)
  } catch (cause) {
    server.close()
    await unlink(temporary).catch(() => undefined)
    throw startError(path, cause)
  }
  server.on('error', acceptFailed)

  return {
    async close() {
      // Looked at before the socket is closed: until then nobody else's file can have this inode.
      const current = await lstat(path).catch(() => undefined)
      if (current?.ino === ino) await unlink(path).catch(() => undefined)
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        // `close` waits for connections too; they are drained by their owner.
        resolve()
      })
    },
  }
}

/** Asked first, because binding in a folder that does not exist fails as if it were not writable. */
async function assertFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found === undefined) throw new ServerStartError(`folder ${folder} does not exist: create it, or set -kong-prefix to Kong's prefix`)
  if (!found.isDirectory()) throw new ServerStartError(`${folder} is no folder: set -kong-prefix to Kong's prefix`)
}

/**
 * A file that is no socket is somebody's data, and a socket on which somebody else listens is in use: neither is ever replaced. The same plugin's
 * server is: `kong reload` starts the new one while the old one lives.
 */
async function assertReplaceable(path: string, plugins: readonly string[]): Promise<void> {
  const existing = await lstat(path).catch(() => undefined)
  if (existing === undefined) return
  if (!existing.isSocket()) throw new ServerStartError(`${path} exists and is no socket: remove it, or choose another -kong-prefix`)
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
