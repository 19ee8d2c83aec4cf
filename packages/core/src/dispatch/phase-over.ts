import type { Phase } from '../phase/phase.js'
import { KongTsError } from '../errors/kong-ts-error.js'
import type { EndReason } from './event-calls.js'

/** What calls of a handler reject with when its phase is over, per phase. */
export const PHASE_OVER: Readonly<Record<Phase, EndReason>> = Object.freeze({
  certificate: () => phaseOver('certificate'),
  rewrite: () => phaseOver('rewrite'),
  access: () => phaseOver('access'),
  response: () => phaseOver('response'),
  preread: () => phaseOver('preread'),
  log: () => phaseOver('log'),
})

function phaseOver(phase: Phase): KongTsError {
  return new KongTsError(
    'ERR_PDK_CALL',
    `the ${phase} phase of this request is over: await PDK calls inside the handler, and start no work that outlives it`,
  )
}
