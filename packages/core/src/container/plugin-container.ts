import { container as rootContainer, type DependencyContainer, type InjectionToken } from 'tsyringe'
import type { Constructor } from '../declaration/constructor.js'
import { PDK } from '../pdk/pdk.js'
import { createAmbientPdk, type AmbientPDK } from './ambient-pdk.js'

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
