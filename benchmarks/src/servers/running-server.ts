import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SERVER_CPU, childEnvironment, pinned } from '../machine/child-process.js'
import type { ServerKind } from './known-servers.js'

const START_TIMEOUT_MS = 20_000
const POLL_INTERVAL_MS = 20
const KILL_AFTER_MS = 3_000
/** Length of a server's output in the message when it fails, in characters. */
const KEPT_OUTPUT = 4_000

/** A plugin server in a process of its own, bound to its core. */
export interface RunningServer {
  readonly kind: ServerKind
  readonly socketPath: string
  readonly process: ChildProcess
  /** The end of its output. */
  output(): string
  stop(): Promise<void>
}

/** @throws Error when no socket accepts connections within 20 s. */
export async function startServerProcess(kind: ServerKind, options: { readonly ipc?: boolean } = {}): Promise<RunningServer> {
  const prefix = await mkdtemp(join(tmpdir(), 'bench-'))
  const words = kind.command.map((word) => word.replaceAll('{prefix}', prefix).replaceAll('{socket}', join(prefix, 'bench.socket')))
  const [program, ...args] = pinned(SERVER_CPU, words)
  const child = spawn(program, args, {
    cwd: prefix,
    env: childEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc === true ? ['ipc' as const] : [])],
  })
  // Ends the server together with this process: it must not stay on a core that is measured.
  function killServer(): void {
    child.kill('SIGKILL')
  }
  process.once('exit', killServer)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT)
    })
  }
  const exited = new Promise<void>((resolve) => {
    child.on('exit', () => resolve())
    child.on('error', (error) => {
      output += error.message
      resolve()
    })
  })

  async function stop(): Promise<void> {
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
    await exited
    clearTimeout(killer)
    process.off('exit', killServer)
    await rm(prefix, { recursive: true, force: true })
  }

  const socketPath = await Promise.race([acceptingSocket(prefix), exited.then(() => undefined)])
  if (socketPath === undefined) {
    await stop()
    throw new Error(`${kind.name} does not listen in ${START_TIMEOUT_MS / 1000} s: ${words.join(' ')}\n${output}`)
  }
  return { kind, socketPath, process: child, output: () => output, stop }
}

/** The first socket in the folder: servers choose the name. A name with a leading dot is temporary. */
async function acceptingSocket(folder: string): Promise<string | undefined> {
  const end = performance.now() + START_TIMEOUT_MS
  while (performance.now() < end) {
    const entries = await readdir(folder, { withFileTypes: true })
    const socket = entries.find((entry) => entry.isSocket() && !entry.name.startsWith('.'))
    if (socket !== undefined && (await accepts(join(folder, socket.name)))) return join(folder, socket.name)
    await delay(POLL_INTERVAL_MS)
  }
  return undefined
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
