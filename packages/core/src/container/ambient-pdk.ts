import { AsyncLocalStorage } from 'node:async_hooks'
import { KongTsError } from '../errors/kong-ts-error.js'
import { CHANNEL } from '../pdk/call/pdk-channel.js'
import { PDK } from '../pdk/pdk.js'

/**
 * A PDK that stands for the PDK of the event in which it is used, so that it can be injected into objects that live longer than events.
 *
 * Create it only when something injects `PDK`: its store makes every `await` of the process slower.
 */
export class AmbientPDK extends PDK {
  readonly run: <T>(pdk: PDK, handler: () => T) => T

  constructor() {
    const store = new AsyncLocalStorage<PDK>()
    super((method, args) => store.getStore()?.[CHANNEL].call(method, args) ?? Promise.reject(noCurrentEvent()), {
      get phase() {
        return store.getStore()?.phase
      },
      get signal() {
        return () => current(store).signal
      },
      refused: (promise, error) => store.getStore()?.[CHANNEL].options.refused?.(promise, error),
    })
    this.run = (pdk, handler) => store.run(pdk, handler)
  }
}

/** Creates the PDK to inject. Its `run` makes it stand for the PDK of one event while `handler` and everything that it starts runs. */
export function createAmbientPdk(): AmbientPDK {
  return new AmbientPDK()
}

function current(store: AsyncLocalStorage<PDK>): PDK {
  const pdk = store.getStore()
  if (pdk === undefined) throw noCurrentEvent()
  return pdk
}

function noCurrentEvent(): KongTsError {
  return new KongTsError(
    'ERR_NO_CURRENT_EVENT',
    'the injected PDK was used outside an event, such as in a constructor, onStart or a timer: use it in what a phase handler awaits',
  )
}
