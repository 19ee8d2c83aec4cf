import type { LuaValue } from '@kong-ts/schema/lua'

/** What the plugin server sees of a PDK call. */
export type PdkCallOutcome =
  /** A Step with this method name. A nil value leaves Data out. */
  | { readonly outcome: 'answered'; readonly step: LuaValue; readonly value: LuaValue }
  /** No answer: Kong raised, or the call ended the request. */
  | { readonly outcome: 'raised' | 'final' }
  /** The call hangs. */
  | { readonly outcome: 'never' }

/**
 * Runs one PDK call for the request of an event. `args` may have nil holes. A call that reads the client's body waits for it.
 */
export type RunPdkCall = (method: string, args: readonly LuaValue[]) => PdkCallOutcome | Promise<PdkCallOutcome>

/** How an event ended: returned, dropped by Kong, hanging, or failed with the error of the plugin server or of the connection. */
export type EventOutcome = { readonly ended: 'returned' | 'dropped' | 'never' } | { readonly ended: 'failed'; readonly error: string }

/** An instance id, which Kong only passes back. nil when the plugin server gave none. */
export type InstanceId = LuaValue

/** Kong's side of one protocol, for one plugin in one worker. */
export interface PluginServerClient {
  /**
   * True when a failed event ends the request with 500, and a closed connection makes Kong start the instance again. False when the
   * request goes on without the plugin.
   */
  readonly failsClosed: boolean
  /**
   * @param config the Config text, one character a byte.
   * @returns the id, or the error of the plugin server or of the connection.
   * @throws KongRaise where Kong's own code raises.
   */
  startInstance(plugin: string, config: string): Promise<{ readonly id: InstanceId } | { readonly error: string }>
  /** @returns the error of the plugin server or of the connection, if there is one. */
  closeInstance(id: InstanceId): Promise<string | undefined>
  /** @throws KongRaise where Kong's own code raises. */
  handleEvent(id: InstanceId, phase: string, run: RunPdkCall): Promise<EventOutcome>
}

/**
 * An error that Kong's Lua code raises (an assertion, an index of nil) and does not catch: the request fails with 500. Internal: the gateway
 * turns it into the response.
 */
export class KongRaise extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'KongRaise'
  }
}
