import type { Phase } from '../phase/phase.js'
import { KongTsError } from './kong-ts-error.js'

/** A handler that took longer than the timeout of its phase. The client got 504, unless the phase fails open. */
export class PhaseTimeoutError extends KongTsError {
  constructor(plugin: string, phase: Phase, timeout: number) {
    super(
      'ERR_PHASE_TIMEOUT',
      `the ${phase} handler of plugin ${plugin} took longer than ${timeout} ms: limit what it waits for (kong.signal is aborted at the deadline), or raise its timeout, at most to 60000`,
    )
  }
}
