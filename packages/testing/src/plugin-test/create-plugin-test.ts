import {
  createPluginContainer,
  startPluginInstance,
  type Constructor,
  type PluginContainer,
  type PluginDefinition,
  type PluginInstance,
  type ProviderOverride,
} from '@kong-ts/core/server'
import type { KongNodeOptions } from '@kong-ts/simulator'
import { ConfigError } from '@kong-ts/core'
import { generateSchema, judgeDefinition, judgePluginClass } from '@kong-ts/core/tooling'
import { NEWEST_KONG_VERSION, createConfigCompleter, describeProblems, type KongSchema } from '@kong-ts/schema'
import type { TestEntities, TestEntity } from '../exchange/test-entities.js'
import type { TestRequest } from '../exchange/test-request.js'
import { PendingConnection, type TestConnection } from './pending-connection.js'
import { PendingRequest } from './pending-request.js'

/** How a plugin is set up for a test. */
export interface PluginTestOptions extends TestEntities {
  /** The configuration, by Kong's field names. Kong's rules and the plugin's own apply; fields with defaults may be left out. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Stand-ins for injected services. */
  readonly providers?: readonly ProviderOverride[]
  /** Kong's own plugins on the same route, as in its declarative config: `[{ name: 'key-auth', config: { … } }]`. */
  readonly plugins?: readonly TestEntity[]
  /** Settings of the simulated Kong: `settings.trustedIps`, `env`, `now` for a clock of the test … */
  readonly node?: KongNodeOptions
}

/** Tests of one plugin with one configuration. */
export interface PluginTest {
  /** Prepares a request; nothing happens before `run`. */
  request(request?: TestRequest): PendingRequest
  /** Prepares a connection without HTTP, for plugins with `certificate` or `preread` handlers. */
  connection(connection?: TestConnection): PendingConnection
  /**
   * Starts the instance: `onStart` runs. Without it the first request does so. Await it before you move a fake clock: what a plugin reads from
   * disk or network while it starts takes real time.
   *
   * @throws ConfigError when the configuration breaks its rules; any error of the constructor or of `onStart`.
   */
  start(): Promise<void>
  /** The plugin's object, with the fields of the configuration. Starts the instance if necessary. */
  instance(): Promise<object>
  /** Closes the instance as Kong does: `onClose` runs. */
  close(): Promise<void>
}

/** Id of the plugin entity in every test. */
export const PLUGIN_ID = '00000000-0000-4000-8000-0000000000a1'

/**
 * Tests a plugin against a simulated Kong 3.9, in memory: request in, phases in Kong's order, response and service request out.
 *
 * @param plugin the plugin's class, or its definition.
 * @throws PluginDefinitionError with every mistake in the class, those that Kong would find in its schema too. A configuration that breaks its
 * rules fails the first `run` with ConfigError.
 */
export function createPluginTest(plugin: Constructor | PluginDefinition, options: PluginTestOptions = {}): PluginTest {
  const definition = judgedDefinition(plugin)
  const container = createPluginContainer(options.providers)
  let starting: Promise<PluginInstance> | undefined
  function start(): Promise<PluginInstance> {
    return (starting ??= startJudged(definition, options.config ?? {}, container))
  }
  const setup = { definition, start, pluginId: PLUGIN_ID, entities: options, node: options.node ?? {}, plugins: options.plugins ?? [] }
  return {
    request: (request = {}) => new PendingRequest({ ...setup, request }),
    connection: (connection = {}) => new PendingConnection(setup, connection),
    start: async () => void (await start()),
    instance: async () => (await start()).plugin,
    async close() {
      const started = starting
      starting = undefined
      // An instance that did not start has nothing to close, and `start` or `run` has thrown its error.
      await (await started?.catch(() => undefined))?.close()
    },
  }
}

/** Starts an instance as Kong and the plugin server do: Kong judges the configuration before it sends it. */
async function startJudged(
  definition: PluginDefinition,
  config: Readonly<Record<string, unknown>>,
  container: PluginContainer,
): Promise<PluginInstance> {
  judgeConfig(definition, config)
  return startPluginInstance(definition, JSON.stringify({ ...config, __plugin_id: PLUGIN_ID, __seq__: 1 }), container)
}

/**
 * The definition of a plugin, judged as Kong would judge its schema: a mistake shows in the first test and not only when Kong starts.
 *
 * @throws PluginDefinitionError with every mistake at once.
 */
export function judgedDefinition(plugin: Constructor | PluginDefinition): PluginDefinition {
  if (typeof plugin === 'function') return judgePluginClass(plugin)
  judgeDefinition(plugin)
  return plugin
}

/**
 * Judges a configuration as Kong does before the plugin server gets it.
 *
 * @throws ConfigError with every violation at once.
 */
function judgeConfig(definition: PluginDefinition, config: Readonly<Record<string, unknown>>): void {
  // The schema for the newest Kong: a target version leaves parts out.
  const { kongVersion: _target, ...untargeted } = definition
  const whole = generateSchema(untargeted)
  // Only the configuration is judged: a test gives no protocols or consumer, which entity checks may name.
  const schema: KongSchema = { name: whole.name, fields: whole.fields.filter((field) => 'config' in field) }
  const outcome = createConfigCompleter(schema, { kongVersion: NEWEST_KONG_VERSION })({ config })
  if (outcome.status === 'completed') return
  throw new ConfigError(
    definition.name,
    outcome.status === 'refused'
      ? describeProblems(schema, { config }, outcome.problems, NEWEST_KONG_VERSION)
      : [{ path: 'config', text: `makes Kong's own code fail: ${outcome.crash}` }],
  )
}
