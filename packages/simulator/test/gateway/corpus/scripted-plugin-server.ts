import { createServer, type Server, type Socket } from 'node:net'
import type { ScriptRun } from './script-run.js'

/** Serves one connection of a scripted plugin server. */
export type ServeConnection = (socket: Socket, run: ScriptRun) => void

/** A plugin server within the test: in each phase it makes the PDK calls of the case that is played. */
export class ScriptedPluginServer {
  private readonly server: Server
  private readonly connections = new Set<Socket>()

  constructor(run: ScriptRun, serve: ServeConnection) {
    this.server = createServer((socket) => {
      this.connections.add(socket)
      socket.on('error', () => socket.destroy())
      socket.once('close', () => this.connections.delete(socket))
      serve(socket, run)
    })
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve) => this.server.listen(path, resolve))
  }

  close(): void {
    this.server.close()
    for (const socket of this.connections) socket.destroy()
  }
}
