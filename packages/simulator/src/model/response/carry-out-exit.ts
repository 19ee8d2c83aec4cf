import type { DelayedExit, TransactionState } from '../transaction/transaction-state.js'
import { sendErrorPage } from './error-page.js'
import { writeExit } from './write-exit.js'

/**
 * Ends a request as `kong.response.exit` does. Without a body, and with a status nginx has an answer of its own for, the client gets that
 * answer: Kong's error page, nginx's page, or nothing for 204.
 */
export function carryOutExit(state: TransactionState, exit: DelayedExit): void {
  if (writeExit(state, exit)) return
  const { status } = exit
  if (status !== 204 && status < 300) return
  const closed = state.response.closes
  sendErrorPage(state, status)
  // nginx closes after 405 only where it refuses a request before Kong sees it.
  if (status === 405) state.response.closes = closed
}
