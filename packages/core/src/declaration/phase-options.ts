/** Options of a phase decorator. */
export interface PhaseOptions {
  /**
   * Let the request go on when the handler throws, rejects or passes its deadline. Default `false`: the client gets 500 (504 for the
   * deadline), because a plugin that guards something must not be switched off by its own failure.
   */
  readonly failOpen?: boolean
  /**
   * Milliseconds until the handler is given up. Default 30 000; 0 for none (Kong itself gives up after 60 s without a message). A handler
   * that blocks the event loop is not interrupted: leave such work to a worker thread.
   */
  readonly timeout?: number
}

/** Below Kong's own 60 s, after which Kong would let the request pass. */
export const DEFAULT_PHASE_TIMEOUT = 30_000
