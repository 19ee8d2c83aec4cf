import { createConfigBinder, type ConfigBinder } from '../config/config-binder.js'
import type { InstanceMetadata } from '../config/sent-config.js'
import type { InstanceScope, PluginContainer, AmbientPDK } from '../container/plugin-container.js'
import type { PluginDefinition } from '../definition/plugin-definition.js'
import { KongTsError } from '../errors/kong-ts-error.js'

/** What a plugin class may have beside its phase handlers. */
export interface PluginLifecycle {
  /**
   * Runs once before the instance takes its first event, when the configuration is bound. When it throws or rejects, Kong hears that the
   * instance does not start, and answers its requests with 500.
   *
   * @param metadata what Kong sends beside the configuration: ids of the plugin entity, its route, service and consumer.
   */
  onStart?(metadata: InstanceMetadata): void | Promise<void>
  /** Runs once when Kong has dropped the configuration, or the server ends. */
  onClose?(): void | Promise<void>
}

/** One plugin with one configuration: the object whose methods handle phases. */
export interface PluginInstance {
  readonly definition: PluginDefinition
  readonly plugin: object & PluginLifecycle
  readonly metadata: InstanceMetadata
  /** Present when the instance, or a service it was built from, injects `PDK`. */
  readonly ambientPdk: AmbientPDK | undefined
  /** Runs `onClose`, then disposes of what the container made for this instance. */
  close(): Promise<void>
}

/**
 * Starts a plugin with a configuration: reads the text, builds the object with its dependencies, binds the configuration, runs `onStart`.
 *
 * @param text the JSON text of Kong's StartInstance.
 * @param binder a binder to use for all instances of the definition. By default one is made for this instance.
 * @throws ConfigError when the configuration breaks its rules. KongTsError (ERR_PLUGIN_DEFINITION) when the object cannot be built. Errors
 * of `onStart` as they are.
 */
export async function startPluginInstance(
  definition: PluginDefinition,
  text: string,
  container: PluginContainer,
  binder: ConfigBinder = createConfigBinder(definition),
): Promise<PluginInstance> {
  const read = binder.read(text)
  const scope = container.createScope()
  try {
    const plugin = buildPlugin(definition, scope)
    await binder.bind(read, plugin)
    await plugin.onStart?.(read.metadata)
    return {
      definition,
      plugin,
      metadata: read.metadata,
      // Read each time: a service that injects the PDK may be made long after the plugin.
      get ambientPdk() {
        return scope.ambientPdk
      },
      async close() {
        try {
          await plugin.onClose?.()
        } finally {
          await scope.dispose()
        }
      },
    }
  } catch (error) {
    await scope.dispose().catch(() => undefined)
    throw error
  }
}

function buildPlugin({ name, pluginClass }: PluginDefinition, scope: InstanceScope): object & PluginLifecycle {
  try {
    return scope.resolve(pluginClass)
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ')
    throw new KongTsError(
      'ERR_PLUGIN_DEFINITION',
      `plugin ${name} cannot be built: ${reason}. Decorate what is injected with @injectable() or @singleton(), register a provider for it, and keep constructors from failing`,
      { cause },
    )
  }
}
