import { AsyncLocalStorage } from 'node:async_hooks'
import { container as rootContainer, type DependencyContainer, type InjectionToken } from 'tsyringe'
import type { Constructor } from '../declaration/constructor.js'
import { PDK } from '../pdk/pdk.js'
import { KongTsError } from '../errors/kong-ts-error.js'
import { CHANNEL } from '../pdk/call/pdk-channel.js'

/** Builds the objects of one instance. */
export interface InstanceScope {
  resolve<T extends object>(target: Constructor<T>): T
  /** `undefined` until something in this process injects `PDK`. */
  readonly ambientPdk: AmbientPDK | undefined
  dispose(): Promise<void>
}

/** The dependency container of a plugin server: one for the process, a child for each instance. */
export interface PluginContainer {
  createScope(): InstanceScope
}

/** Overrides a provider, for tests and for values known only at start. */
export interface ProviderOverride {
  readonly token: InjectionToken
  readonly useValue: unknown
}

/**
 * Creates the container of a plugin server as a child of tsyringe's own, so that it finds what plugins register there (`@singleton()`,
 * `container.register`).
 */
export function createPluginContainer(
  overrides: readonly ProviderOverride[] = [],
  parent: DependencyContainer = rootContainer,
): PluginContainer {
  const processContainer = parent.createChildContainer()
  let ambientPdk: AmbientPDK | undefined
  processContainer.register(PDK, { useFactory: () => (ambientPdk ??= createAmbientPdk()) })
  for (const { token, useValue } of overrides) processContainer.register(token, { useValue })

  return {
    createScope() {
      const scope = processContainer.createChildContainer()
      return {
        resolve: (target) => scope.resolve(target),
        get ambientPdk() {
          return ambientPdk
        },
        dispose: async () => {
          await scope.dispose()
        },
      }
    },
  }
}

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
        return () => currentPdk(store).signal
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

function currentPdk(store: AsyncLocalStorage<PDK>): PDK {
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
