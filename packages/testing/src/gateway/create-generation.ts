import { createKongNode, settingsFromConf } from '../kong/index.js'
import { GatewayConfigError } from './gateway-errors.js'
import type { DeclarativeConfig, ConfiguredPlugin } from './entities/declarative-config.js'
import { WORKSPACE_ID } from './entities/collect-entities.js'
import type { Generation } from './generation.js'
import { BUNDLED_PLUGINS } from './plugins/bundled-plugins.js'
import { completePluginConfig, pluginConfigText } from './plugins/plugin-config.js'
import { PluginIterator } from './plugins/plugin-iterator.js'
import type { RunnablePlugin } from './plugins/runnable-plugin.js'
import { createRouter } from './router/router.js'
import type { ServedPlugin, Worker } from './worker.js'

export interface GenerationSource {
  readonly config: DeclarativeConfig
  readonly served: ReadonlyMap<string, ServedPlugin>
  readonly workers: readonly Worker[]
  /** The next `__seq__`. */
  readonly nextSequence: () => number
  readonly settings: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly nodeId: string
  readonly prefix: string
  readonly warn: (line: string) => void
}

/**
 * Makes a configuration ready to serve requests.
 * @throws GatewayConfigError for a plugin nobody serves or a plugin configuration that Kong would refuse.
 */
export function createGeneration(source: GenerationSource): Generation {
  const { config } = source
  const env = new Map(Object.entries(source.env).filter((entry): entry is [string, string] => entry[1] !== undefined))
  return {
    config,
    router: createRouter(config.routes),
    plugins: new PluginIterator(config.plugins.flatMap((plugin) => runnablePlugin(plugin, source))),
    node: createKongNode({
      settings: settingsFromConf(source.settings),
      nodeId: source.nodeId,
      workspaceId: WORKSPACE_ID,
      prefix: source.prefix,
      env,
      vaults: config.vaults,
      upstreams: config.upstreams,
      consumers: config.consumers,
      credentials: config.credentials,
    }),
  }
}

function runnablePlugin(plugin: ConfiguredPlugin, source: GenerationSource): RunnablePlugin[] {
  const { served, config, workers } = source
  const info = served.get(plugin.name)?.info
  if (info === undefined) {
    if (!BUNDLED_PLUGINS.has(plugin.name)) {
      const known = [...served.keys()].join(', ') || 'none'
      throw new GatewayConfigError(`${config.file}: ${plugin.path}: plugin "${plugin.name}" is unknown; plugin servers offer: ${known}`)
    }
    source.warn(`${config.file}: ${plugin.path}: ${plugin.name} is Kong's own and not simulated here; it has no effect`)
    return []
  }
  const sequence = source.nextSequence()
  const instance = {
    pluginId: plugin.id,
    plugin: plugin.name,
    sequence,
    config: pluginConfigText(plugin, completePluginConfig(plugin, info, config.file), sequence),
  }
  return [
    {
      plugin,
      priority: info.priority,
      phases: new Set(info.phases),
      run: async (phase, worker, transaction) => (await workers[worker]?.plugin(plugin.name)?.run(phase, instance, transaction)) ?? 'done',
    },
  ]
}
