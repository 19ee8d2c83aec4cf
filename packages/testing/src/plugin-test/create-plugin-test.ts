import {
  buildPluginDefinition,
  createPluginContainer,
  startPluginInstance,
  type Constructor,
  type PluginDefinition,
  type PluginInstance,
  type ProviderOverride,
} from '@kong-ts/core/server'
import type { KongNodeOptions } from '@kong-ts/simulator'
import { PendingConnection, type TestConnection } from './pending-connection.js'
import { PendingRequest } from './pending-request.js'
import type { TestEntities, TestEntity } from './test-entities.js'
import type { TestRequest } from './test-request.js'

/** How a plugin is set up for a test. */
export interface PluginTestOptions extends TestEntities {
  /** The configuration, by Kong's field names. It is read as the plugin server reads it; fields with defaults may be left out. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Stand-ins for injected services. */
  readonly providers?: readonly ProviderOverride[]
  /** Kong's own plugins on the same route, as in its declarative config: `[{ name: 'key-auth', config: { … } }]`. */
  readonly plugins?: readonly TestEntity[]
  /** Settings of the simulated Kong: `settings.trustedIps`, `env`, `now` for a test's own clock … */
  readonly node?: KongNodeOptions
}

/** Tests of one plugin with one configuration. */
export interface PluginTest {
  /** Prepares a request; nothing happens before `run`. */
  request(request?: TestRequest): PendingRequest
  /** Prepares a connection that is no HTTP, for plugins with `certificate` or `preread` handlers. */
  connection(connection?: TestConnection): PendingConnection
  /**
   * Starts the instance, which the first request does otherwise: `onStart` runs. Await it before a fake clock is moved, since what a plugin
   * reads from disk or network while it starts takes real time.
   *
   * @throws ConfigError when the configuration breaks its rules; whatever constructor or `onStart` throw.
   */
  start(): Promise<void>
  /** The plugin's object: fields as the configuration set them. Starts the instance if need be. */
  instance(): Promise<object>
  /** Ends the instance as Kong's closing would: `onClose` runs. */
  close(): Promise<void>
}

/** Id of the plugin entity in every test. */
export const PLUGIN_ID = '00000000-0000-4000-8000-0000000000a1'

/**
 * Tests a plugin against a simulated Kong 3.9, in memory: request in, phases in Kong's order, response and service request out.
 *
 * @param plugin the plugin's class, or its definition.
 * @throws PluginDefinitionError when the class is no valid plugin. A configuration that breaks its rules fails the first `run` with ConfigError.
 */
export function createPluginTest(plugin: Constructor | PluginDefinition, options: PluginTestOptions = {}): PluginTest {
  const definition = typeof plugin === 'function' ? buildPluginDefinition(plugin) : plugin
  const container = createPluginContainer(options.providers)
  const text = JSON.stringify({ ...options.config, __plugin_id: PLUGIN_ID, __seq__: 1 })
  let starting: Promise<PluginInstance> | undefined
  const start = (): Promise<PluginInstance> => (starting ??= startPluginInstance(definition, text, container))
  const setup = { definition, start, pluginId: PLUGIN_ID, entities: options, node: options.node ?? {}, plugins: options.plugins ?? [] }
  return {
    request: (request = {}) => new PendingRequest({ ...setup, request }),
    connection: (connection = {}) => new PendingConnection(setup, connection),
    start: async () => void (await start()),
    instance: async () => (await start()).plugin,
    async close() {
      const started = starting
      starting = undefined
      // What did not start has nothing to close, and its error was told by whoever started it.
      await (await started?.catch(() => undefined))?.close()
    },
  }
}
