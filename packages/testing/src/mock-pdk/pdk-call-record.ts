import type { Phase } from '@kong-ts/core'

/** One PDK call a handler made, in the order Kong got them. */
export interface PdkCallRecord {
  readonly phase: Phase
  /** Kong's name, `kong.request.get_header`. */
  readonly method: string
  readonly args: readonly unknown[]
  /** What became of it: Kong answered, the request was ended by it, Kong raised (and never answered), or Kong hangs in it. */
  readonly outcome: 'answered' | 'final' | 'raised' | 'never'
  /** What the handler got; undefined for nil and for calls without an answer. */
  readonly result: unknown
  /** What Kong raised. */
  readonly error?: string
}
