import type { Phase } from '../phase/phase.js'
import { recordPhase } from './metadata-store.js'
import type { PhasePDK } from '../pdk/phase-pdk.js'
import type { PhaseOptions } from './decorator-options.js'

/** A decorator for methods that take the PDK of phase `P`, or nothing. */
export type PhaseDecorator<P extends Phase> = <H extends (kong: PhasePDK<P>) => unknown>(
  prototype: object,
  handler: string | symbol,
  descriptor: TypedPropertyDescriptor<H>,
) => void

/** Handles Kong's `certificate` phase: the TLS handshake, before any request. Only plugins that are configured globally run here. */
export function Certificate(options: PhaseOptions = {}): PhaseDecorator<'certificate'> {
  return phaseDecorator('certificate', options)
}

/**
 * Handles Kong's `rewrite` phase: before routing and authentication. Only plugins that are configured globally run here. Route, service
 * and consumer are not known yet.
 */
export function Rewrite(options: PhaseOptions = {}): PhaseDecorator<'rewrite'> {
  return phaseDecorator('rewrite', options)
}

/** Handles Kong's `access` phase: after routing, before the request goes to the upstream service. */
export function Access(options: PhaseOptions = {}): PhaseDecorator<'access'> {
  return phaseDecorator('access', options)
}

/**
 * Handles Kong's `response` phase: the upstream has answered, and nothing was sent to the client yet. Kong buffers the whole response of
 * every request that the plugin applies to, so nothing is streamed. Kong skips the phase when `access` ended the request.
 *
 * The name hides the global `Response` of `fetch` in files that import it.
 */
export function Response(options: PhaseOptions = {}): PhaseDecorator<'response'> {
  return phaseDecorator('response', options)
}

/** Handles Kong's `preread` phase: the stream subsystem's (TCP, TLS, UDP) counterpart of `access`. */
export function Preread(options: PhaseOptions = {}): PhaseDecorator<'preread'> {
  return phaseDecorator('preread', options)
}

/** Handles Kong's `log` phase: after the response was sent, in a timer with saved data. A handler cannot change anything here. */
export function Log(options: PhaseOptions = {}): PhaseDecorator<'log'> {
  return phaseDecorator('log', options)
}

function phaseDecorator<P extends Phase>(phase: P, options: PhaseOptions): PhaseDecorator<P> {
  return (prototype, handler) => recordPhase(prototype, { phase, handler, options })
}
