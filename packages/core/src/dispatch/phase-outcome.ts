/** How one event ended. */
export type PhaseOutcome =
  /** The handler is through: Kong goes on with the request. */
  | { readonly kind: 'finished' }
  /** The plugin ended the request with `kong.response.exit` or `error`: Kong waits for nothing more. */
  | { readonly kind: 'exited' }
  /** The handler failed or passed its deadline. */
  | {
      readonly kind: 'failed'
      readonly error: unknown
      /** Kong's id of the request, where it was asked for and Kong has one (3.5 and newer). */
      readonly requestId: string | undefined
      /** What the client was answered in the plugin's stead; `undefined` when the request goes on, or the plugin had ended it before it failed. */
      readonly answeredWith: 500 | 504 | undefined
      /** Kong still waits to hear that the phase is over. */
      readonly kongWaits: boolean
    }
  /** The event was lost on the way (connection or server ended): nobody waits for it. */
  | { readonly kind: 'lost' }

export const FINISHED: PhaseOutcome = Object.freeze({ kind: 'finished' })
export const EXITED: PhaseOutcome = Object.freeze({ kind: 'exited' })
export const LOST: PhaseOutcome = Object.freeze({ kind: 'lost' })
