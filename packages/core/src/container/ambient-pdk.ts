import { AsyncLocalStorage } from 'node:async_hooks'
import { KongTsError } from '../errors/kong-ts-error.js'
import { PDK } from '../pdk/pdk.js'
import type { PdkCall } from '../pdk/pdk-call.js'

/** An injected `PDK`: calls go to the event whose handler is running. */
export interface AmbientPdk {
  readonly pdk: PDK
  /** Runs a handler so that injected PDKs inside it, and in whatever it awaits, mean this call. */
  run<T>(call: PdkCall, handler: () => T): T
}

/**
 * Creates the PDK that is injected into plugins and services. On Node 20 the first use of AsyncLocalStorage slows every await of the
 * process, so it is created only when something injects `PDK`.
 */
export function createAmbientPdk(): AmbientPdk {
  const current = new AsyncLocalStorage<PdkCall>()
  const pdk = new PDK((method, args) => {
    const call = current.getStore()
    if (call !== undefined) return call(method, args)
    return Promise.reject(
      new KongTsError('ERR_NO_CURRENT_EVENT', `${method} was called outside of an event: use an injected PDK only while a phase handler runs (not in constructors, onStart or timers)`),
    )
  })
  return { pdk, run: (call, handler) => current.run(call, handler) }
}
