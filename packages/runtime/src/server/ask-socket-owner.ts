import { connect } from 'node:net'
import { STATUS_QUESTION, decodeStatus, isBeginOfAnswer, type ServerStatus } from './server-status.js'

/** Who listens on a socket path. */
export type SocketOwner =
  /** The file is left from a server that has ended. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'plugin-server'; readonly status: ServerStatus }
  /** Something that is no kong-ts plugin server, or one that does not answer any more. */
  | { readonly kind: 'stranger' }

/** Milliseconds an answer may take. A server that runs answers in one; one on a busy machine in some. */
const PATIENCE = 5_000
const LONGEST_ANSWER = 64 * 1024

const NOBODY: SocketOwner = Object.freeze({ kind: 'nobody' })
const STRANGER: SocketOwner = Object.freeze({ kind: 'stranger' })

/** Asks whoever listens on a socket path who it is. */
export function askSocketOwner(path: string): Promise<SocketOwner> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const timer = setTimeout(() => finish(STRANGER), PATIENCE)
    let answer = Buffer.alloc(0)

    function finish(owner: SocketOwner): void {
      clearTimeout(timer)
      socket.destroy()
      resolve(owner)
    }

    socket.on('connect', () => socket.write(STATUS_QUESTION))
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk])
      const status = decodeStatus(answer)
      if (status !== undefined) finish({ kind: 'plugin-server', status })
      else if (!isBeginOfAnswer(answer) || answer.length > LONGEST_ANSWER) finish(STRANGER)
    })
    socket.on('error', (error) => finish('code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') ? NOBODY : STRANGER))
    socket.on('close', () => finish(STRANGER))
  })
}
