import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { GatewayStartError, type GatewayLog } from '../report/gateway-report.js'
import { canConnect, freeSocketPath, removeDeadSocket, socketIdentity } from './socket-file.js'

const RESPAWN_INTERVAL_MS = 1000
const POLL_MS = 25
/** A process that never listened has no requests to finish. */
const LONGEST_STARTING_GRACE_MS = 1000

interface PluginServerProcessOptions {
  readonly name: string
  readonly startCommand: string
  readonly socket: string
  readonly cwd: string
  readonly log: GatewayLog
  /** Longest time from its start until it listens, in ms. */
  readonly startTimeoutMs: number
  /** Time between SIGTERM and SIGKILL at stop, in ms. */
  readonly graceMs: number
}

interface Running {
  readonly child: ChildProcess
  /** Resolves when the process itself has ended. */
  readonly exited: Promise<void>
  /** Resolves when the process and all that inherited its output have ended. */
  readonly closed: Promise<void>
}

/**
 * Keeps a plugin server running as worker 0 of Kong does: `sh -c 'exec CMD'` with only PWD in its environment, a pipe as stdin, stdout and
 * stderr in one pipe whose lines go to the log. Starts it again when it ends, at most once a second.
 */
export class PluginServerProcess {
  readonly #options: PluginServerProcessOptions
  #running: Running | undefined
  #lastSpawn = 0
  #respawns = false
  #respawnTimer: NodeJS.Timeout | undefined
  #hasListened = false
  #lastLine = ''

  constructor(options: PluginServerProcessOptions) {
    this.#options = options
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#running?.child.pid
  }

  /**
   * Starts the process on a socket that nobody serves, and waits until it listens.
   * @throws GatewayStartError when the socket is in use, or the process ends or the time is over before it listens; the reason of `signal`
   * when that is aborted.
   */
  async start(signal: AbortSignal): Promise<void> {
    await freeSocketPath(this.#options.socket, this.#options.name)
    await this.#startAndWait(signal)
  }

  /**
   * Starts the process beside the one that serves the socket, and waits until it has taken the socket over.
   *
   * A new identity of the socket proves that this process has bound it only if nobody else can bind it meanwhile: the caller starts one
   * process per socket at a time, and the old process is on hold, so that its respawn does not bind the socket either.
   * @throws as `start` does.
   */
  takeOver(signal: AbortSignal): Promise<void> {
    return this.#startAndWait(signal)
  }

  /** Does not start the process again when it ends, until `resume` is called. */
  hold(): void {
    this.#respawns = false
    clearTimeout(this.#respawnTimer)
  }

  /**
   * Ends the hold after another process failed to take the socket over. Where that process has removed the socket, or this process has
   * ended meanwhile, the process is started again.
   */
  async resume(signal: AbortSignal): Promise<void> {
    if (this.#running !== undefined && (await canConnect(this.#options.socket))) {
      this.#respawns = true
      return
    }
    await this.#end()
    await this.start(signal)
  }

  /**
   * Ends the process: SIGTERM, and after the grace time SIGKILL to its whole process group. When this resolves, nothing of it is left.
   * @param leavesSocket true when another process serves the socket.
   */
  async stop({ leavesSocket = false } = {}): Promise<void> {
    this.hold()
    await this.#end()
    if (!leavesSocket) await removeDeadSocket(this.#options.socket)
  }

  /** Kills the process without waiting, for a gateway that is ending itself. */
  killNow(): void {
    if (this.#running !== undefined) killGroup(this.#running.child)
  }

  async #startAndWait(signal: AbortSignal): Promise<void> {
    const { name, socket, startTimeoutMs } = this.#options
    const before = await socketIdentity(socket)
    signal.throwIfAborted()
    let ended: string | undefined
    this.#spawn().once('exit', (code, endedBy) => {
      ended = endedBy ?? `exit code ${code}`
    })
    const deadline = Date.now() + startTimeoutMs
    for (;;) {
      const listens = (await socketIdentity(socket)) !== before && (await canConnect(socket))
      signal.throwIfAborted()
      if (ended !== undefined) throw this.#endedTooEarly(ended)
      if (listens) break
      if (Date.now() > deadline) {
        throw new GatewayStartError(
          `plugin server "${name}" does not listen on ${socket} after ${startTimeoutMs / 1000} s; check pluginserver_${name}_socket`,
        )
      }
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined)
    }
    this.#hasListened = true
    this.#respawns = true
  }

  #endedTooEarly(how: string): GatewayStartError {
    const { name, startCommand, socket } = this.#options
    const lastLine = this.#lastLine || 'none'
    return new GatewayStartError(
      `plugin server "${name}": the start command "${startCommand}" ended (${how}) before it listened on ${socket}; its last line: ${lastLine}`,
    )
  }

  async #end(): Promise<void> {
    const running = this.#running
    if (running === undefined) return
    const { graceMs } = this.#options
    running.child.kill('SIGTERM')
    const timer = setTimeout(() => killGroup(running.child), this.#hasListened ? graceMs : Math.min(graceMs, LONGEST_STARTING_GRACE_MS))
    await running.exited
    clearTimeout(timer)
    // Processes that the command has started would live on and keep the pipe open.
    killGroup(running.child)
    await running.closed
  }

  #spawn(): ChildProcess {
    const { name, startCommand, cwd, log } = this.#options
    this.#lastSpawn = Date.now()
    // In a process group of its own, Ctrl-C in a terminal reaches only the gateway, which then ends its plugin servers as Kong does.
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
      if (!this.#respawns) return
      log('notice', `external pluginserver '${name}' terminated: ${signal ?? `exit code ${code}`}`)
      this.#respawnTimer = setTimeout(() => this.#spawn(), Math.max(0, this.#lastSpawn + RESPAWN_INTERVAL_MS - Date.now()))
    })
    return child
  }
}

/** Kills a child that was spawned with `detached`, and everything it has started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group has no process left.
  }
}
