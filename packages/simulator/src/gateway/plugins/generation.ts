import { hostname } from 'node:os'
import { LuaTable } from '@kong-ts/schema/lua'
import {
  BUNDLED_PLUGINS,
  type BundledPlugin,
  createKongNode,
  type KongNode,
  settingsFromConf,
  type CallingPlugin,
  type KongEntity,
  type KongTransaction,
} from '../../model/index.js'
import { WORKSPACE_ID } from '../entities/collect-entities.js'
import { type ConfiguredPlugin, type DeclarativeConfig, luaEntity } from '../entities/declarative-config.js'
import type { ServedPlugin } from '../plugin-server/plugin-info.js'
import { GatewayConfigError } from '../report/gateway-report.js'
import { createRouter, type Router } from '../router/router.js'
import type { EventHost, HandlerOutcome } from './external-plugin.js'
import { KONG_PLUGIN_NAMES } from './installed-plugins.js'
import { completePluginConfig, createVaultResolver, pluginConfigText } from './plugin-config.js'
import { PluginIterator, type RunnablePlugin } from './plugin-iterator.js'
import type { Worker } from './worker-group.js'

/** A declarative config ready to serve requests. A request keeps the generation it began with, also over a reload. */
export interface Generation {
  readonly config: DeclarativeConfig
  readonly node: KongNode
  readonly router: Router
  readonly plugins: PluginIterator<RunnablePlugin>
}

interface GenerationSource {
  readonly config: DeclarativeConfig
  readonly served: ReadonlyMap<string, ServedPlugin>
  readonly workers: readonly Worker[]
  /** Names of the plugins that may be used, `bundled` for those of Kong; undefined for all plugins. */
  readonly enabled: ReadonlySet<string> | undefined
  /** Request header that names the consumer; undefined for none. */
  readonly consumerHeader: string | undefined
  /** Gives the next `__seq__`. */
  readonly nextSequence: () => number
  readonly settings: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly nodeId: string
  readonly prefix: string
  readonly warn: (line: string) => void
}

/**
 * Makes a declarative config ready to serve requests.
 * @throws GatewayConfigError for a plugin that no plugin server offers, and for a plugin configuration that Kong would refuse.
 */
export function createGeneration(source: GenerationSource): Generation {
  const { config } = source
  const env = new Map(Object.entries(source.env).filter((entry): entry is [string, string] => entry[1] !== undefined))
  const node = createKongNode({
    settings: settingsFromConf(source.settings),
    nodeId: source.nodeId,
    hostname: hostname(),
    workspaceId: WORKSPACE_ID,
    prefix: source.prefix,
    env,
    vaults: config.vaults,
    upstreams: config.upstreams,
    consumers: config.consumers,
    credentials: config.credentials,
  })
  const resolve = createVaultResolver(node)
  const entries = config.plugins.flatMap((plugin) => runnablePlugin(plugin, source, resolve))
  return { config, node, router: createRouter(config.routes), plugins: new PluginIterator([...testPlugins(source), ...entries]) }
}

function testPlugins({ consumerHeader, config }: GenerationSource): RunnablePlugin[] {
  return consumerHeader === undefined ? [] : [createConsumerHeader(consumerHeader, config.consumers)]
}

function runnablePlugin(
  plugin: ConfiguredPlugin,
  source: GenerationSource,
  resolve: (reference: string) => string | undefined,
): RunnablePlugin[] {
  const { served, config, workers, enabled } = source
  if (enabled !== undefined && !enabled.has(plugin.name) && !(enabled.has('bundled') && KONG_PLUGIN_NAMES.has(plugin.name))) {
    throw new GatewayConfigError(`${config.file}: ${plugin.path}: plugin "${plugin.name}" is not enabled; add it to the setting plugins`)
  }
  const info = served.get(plugin.name)?.info
  if (info === undefined) {
    const bundled = BUNDLED_PLUGINS.get(plugin.name)
    if (bundled !== undefined) return [bundledPlugin(plugin, bundled)]
    if (!KONG_PLUGIN_NAMES.has(plugin.name)) {
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
    config: pluginConfigText(plugin, completePluginConfig(plugin, info, config.file, resolve), sequence),
  }
  const run = async (phase: string, worker: number, host: EventHost): Promise<HandlerOutcome> =>
    (await workers[worker]?.plugin(plugin.name)?.run(phase, instance, host)) ?? 'done'
  return [
    {
      plugin,
      priority: info.priority,
      phases: new Set(info.phases),
      run: (phase, worker, { host }) => run(phase, worker, host),
      runForConnection: run,
    },
  ]
}

/** A plugin of Kong that is simulated here, such as key-auth. */
function bundledPlugin(plugin: ConfiguredPlugin, bundled: BundledPlugin): RunnablePlugin {
  const config = luaEntity(plugin.config)
  return {
    plugin,
    priority: bundled.priority,
    phases: new Set(Object.keys(bundled.handlers)),
    run: async (_phase, _worker, { transaction }) => {
      transaction.runBundled(bundled, config)
      return 'done'
    },
  }
}

const NAME = 'kong-ts-consumer-header'

/**
 * Replaces an authentication plugin in tests: a request header names the consumer by username, custom_id or id. Runs before every other
 * plugin and hides the header from the service. Answers 401 for a name that no consumer has. Requests without the header pass.
 */
function createConsumerHeader(header: string, consumers: readonly KongEntity[]): RunnablePlugin {
  const plugin = { id: NAME, name: NAME, scope: {}, config: {}, entry: {}, path: 'consumerHeader' }
  return {
    plugin,
    priority: Number.MAX_SAFE_INTEGER,
    phases: new Set(['access']),
    run: async (_phase, _worker, { transaction }) => {
      chooseConsumer(transaction, { name: NAME, id: NAME }, header, consumers)
      return 'done'
    },
  }
}

function chooseConsumer(transaction: KongTransaction, caller: CallingPlugin, header: string, consumers: readonly KongEntity[]): void {
  const got = transaction.pdkCall(caller, 'kong.request.get_header', [header])
  const wanted = got.outcome === 'answered' ? got.value : undefined
  if (typeof wanted !== 'string') return
  const consumer = consumers.find((each) => ['username', 'custom_id', 'id'].some((key) => each.get(key) === wanted))
  if (consumer === undefined) {
    const message = LuaTable.record([['message', `no consumer is called ${wanted}`]])
    transaction.pdkCall(caller, 'kong.response.exit', [401, message])
    return
  }
  transaction.pdkCall(caller, 'kong.client.authenticate', [consumer, undefined])
  transaction.pdkCall(caller, 'kong.service.request.clear_header', [header])
}
