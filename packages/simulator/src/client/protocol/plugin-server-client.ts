import type { LuaValue } from '../../model/index.js'

/** What Kong does with a PDK call as far as the plugin server notices. */
export type PdkCallOutcome =
  /** A Step with this method name; a nil value leaves Data out. */
  | { readonly outcome: 'answered'; readonly step: LuaValue; readonly value: LuaValue }
  /** No answer ever: Kong raised, or the call ended the request. */
  | { readonly outcome: 'raised' | 'final' }
  /** The call hangs. */
  | { readonly outcome: 'never' }

/**
 * Runs one PDK call for the request an event belongs to. `args` may have nil holes. A call that reads the client's body may have to wait
 * for it.
 */
export type RunPdkCall = (method: string, args: readonly LuaValue[]) => PdkCallOutcome | Promise<PdkCallOutcome>

/** How an event ended: run to its end, dropped by Kong, or failed with the text of an error answer or of the connection. */
export type EventOutcome = { readonly ended: 'returned' | 'dropped' | 'never' } | { readonly ended: 'failed'; readonly error: string }

/** An instance id; opaque to Kong. nil when the plugin server gave none. */
export type InstanceId = LuaValue

/** Kong's side of one protocol, for one plugin in one worker. */
export interface PluginServerClient {
  /**
   * True when a failed event ends the request with 500 and a closed connection asks for a new instance; else requests go on without the
   * plugin.
   */
  readonly failsClosed: boolean
  /**
   * @param config the Config text, one character a byte.
   * @returns the id, or the error the server or the connection gave.
   * @throws KongRaise where Kong's own code raises.
   */
  startInstance(plugin: string, config: string): Promise<{ readonly id: InstanceId } | { readonly error: string }>
  /** @returns the error the server or the connection gave, if any. */
  closeInstance(id: InstanceId): Promise<string | undefined>
  /** @throws KongRaise where Kong's own code raises. */
  handleEvent(id: InstanceId, phase: string, run: RunPdkCall): Promise<EventOutcome>
}

/**
 * Something Kong's Lua code raises on (an assertion, an index of nil) and nobody there catches: the request fails with 500.
 * Not meant for users of the package; the gateway turns it into what the client gets.
 */
export class KongRaise extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'KongRaise'
  }
}
