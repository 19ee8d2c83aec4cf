import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { GatewayStartError } from '../report/gateway-errors.js'
import type { GatewayLog } from '../report/gateway-log.js'
import { canConnect, freeSocketPath, removeDeadSocket, socketIdentity } from './socket-file.js'

const RESPAWN_INTERVAL_MS = 1000
const POLL_MS = 25

export interface PluginServerProcessOptions {
  readonly name: string
  readonly startCommand: string
  readonly socket: string
  readonly cwd: string
  readonly log: GatewayLog
  /** Time between SIGTERM and SIGKILL at stop, in ms. */
  readonly graceMs: number
}

interface Running {
  readonly child: ChildProcess
  readonly exited: Promise<void>
  readonly closed: Promise<void>
}

/**
 * A plugin server kept running as worker 0 of Kong does: `sh -c 'exec CMD'` with nothing but PWD in its environment, stdin a pipe, stdout
 * and stderr one pipe whose lines go to the log, respawned at most once a second.
 */
export class PluginServerProcess {
  readonly #options: PluginServerProcessOptions
  #running: Running | undefined
  #lastSpawn = 0
  #respawnTimer: NodeJS.Timeout | undefined
  #stopping = false
  #lastLine = ''

  constructor(options: PluginServerProcessOptions) {
    this.#options = options
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#running?.child.pid
  }

  /**
   * Starts it and waits until its socket takes connections.
   * @param takesOver true when another process may serve the socket until this one has bound it anew.
   * @throws GatewayStartError when it exits first or the time is over.
   */
  async start(longestMs: number, takesOver = false): Promise<void> {
    const { name, socket } = this.#options
    if (!takesOver) await freeSocketPath(socket, name)
    const before = await socketIdentity(socket)
    const first = this.#spawn()
    let ended: string | undefined
    first.once('exit', (code, signal) => {
      ended = signal ?? `exit code ${code}`
    })
    const deadline = Date.now() + longestMs
    while ((await socketIdentity(socket)) === before || !(await canConnect(socket))) {
      if (ended !== undefined) throw this.#endedTooEarly(ended)
      if (Date.now() > deadline) {
        throw new GatewayStartError(
          `plugin server "${name}" does not listen on ${socket} after ${longestMs / 1000} s; check pluginserver_${name}_socket`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  /** SIGTERM, then SIGKILL to its whole process group after the grace time; nothing of it is left when this resolves. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#respawnTimer)
    const running = this.#running
    if (running !== undefined) {
      running.child.kill('SIGTERM')
      const timer = setTimeout(() => killGroup(running.child), this.#options.graceMs)
      await running.exited
      clearTimeout(timer)
      // What the command itself has started would otherwise live on, and keep the pipe open.
      killGroup(running.child)
      await running.closed
    }
    await removeDeadSocket(this.#options.socket)
  }

  /** For a gateway that is killed itself: takes the process along without waiting. */
  killNow(): void {
    if (this.#running !== undefined) killGroup(this.#running.child)
  }

  #endedTooEarly(how: string): GatewayStartError {
    const { name, startCommand, socket } = this.#options
    const lastLine = this.#lastLine || 'none'
    return new GatewayStartError(
      `plugin server "${name}": the start command "${startCommand}" ended (${how}) before it listened on ${socket}; its last line: ${lastLine}`,
    )
  }

  #spawn(): ChildProcess {
    const { name, startCommand, cwd, log } = this.#options
    this.#lastSpawn = Date.now()
    // A process group of its own: Ctrl-C in a terminal reaches the gateway, which then ends its plugin servers as Kong does.
    const child = spawn('sh', ['-c', `exec 2>&1; exec ${startCommand}`], {
      cwd,
      env: { PWD: cwd },
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    })
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
    this.#running = { child, exited, closed }
    child.stdin?.on('error', () => undefined)
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#lastLine = line
      log('info', `[${name}:${child.pid}] ${line}`)
    })
    child.once('error', (error) => log('error', `plugin server "${name}" cannot be started: ${error.message}`))
    child.once('close', (code, signal) => {
      if (this.#running?.child === child) this.#running = undefined
      if (this.#stopping) return
      log('notice', `external pluginserver '${name}' terminated: ${signal ?? `exit code ${code}`}`)
      this.#respawnTimer = setTimeout(() => this.#spawn(), Math.max(0, this.#lastSpawn + RESPAWN_INTERVAL_MS - Date.now()))
    })
    return child
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}
