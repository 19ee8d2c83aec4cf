import type { Phase } from '../phase/phase.js'

/** How one event ended. */
export type PhaseOutcome =
  /** The handler and its PDK calls are done: Kong goes on with the request. */
  | { readonly kind: 'finished' }
  /** The plugin ended the request with `kong.response.exit` or `error`: Kong waits for nothing more. */
  | { readonly kind: 'exited' }
  /** The handler failed or passed its deadline. */
  | {
      readonly kind: 'failed'
      readonly error: unknown
      /** Kong's id of the request, if it was asked for and Kong has one (3.5 and newer). */
      readonly requestId: string | undefined
      /** The status with which the request was ended. `undefined` when the request goes on, or was over before the handler failed. */
      readonly answeredWith: FailureStatus | undefined
      /** Kong still waits to hear that the phase is over. */
      readonly kongWaits: boolean
    }
  /** The connection or the server ended, or Kong never answered: nobody waits for the event. */
  | { readonly kind: 'lost' }

export const FINISHED: PhaseOutcome = Object.freeze({ kind: 'finished' })
export const EXITED: PhaseOutcome = Object.freeze({ kind: 'exited' })
export const LOST: PhaseOutcome = Object.freeze({ kind: 'lost' })

/** The outcome of a handler that failed. */
export function failed(
  error: unknown,
  { requestId, answeredWith, kongWaits }: { requestId?: string | undefined; answeredWith?: FailureStatus; kongWaits: boolean },
): PhaseOutcome {
  return { kind: 'failed', error, requestId, answeredWith, kongWaits }
}

/** 500 for a handler that failed, 504 for one that passed its deadline. */
export type FailureStatus = 500 | 504

/** What the client is told. As in Kong, nothing of the error leaves the server. */
const BODIES = {
  500: '{"message":"An unexpected error occurred"}',
  504: '{"message":"The request took too long"}',
} as const
const JSON_HEADERS = Object.freeze({ 'content-type': 'application/json; charset=utf-8' })

/** Arguments of the `kong.response.exit` with which a failed plugin's request is ended. */
export function failureAnswer(status: FailureStatus): readonly unknown[] {
  return [status, BODIES[status], JSON_HEADERS]
}

/** The status that ends the request of a failed handler. In `preread` Kong raises on 504, and the client sees no status anyway. */
export function failureStatus(phase: Phase, isTimeout: boolean): FailureStatus {
  return isTimeout && phase !== 'preread' ? 504 : 500
}
