import { KongTsError } from '@kong-ts/core'
import { BUNDLED_PLUGINS, isRecord, luaEntity, type BundledPlugin, type KongTransaction } from '@kong-ts/simulator'
import type { LuaTable } from '@kong-ts/schema/lua'
import type { TestEntity } from '../exchange/test-entities.js'

type Phase = keyof BundledPlugin['handlers']

interface Entry {
  readonly plugin: BundledPlugin
  readonly config: LuaTable
}

/** Kong's own plugins that take part in a test beside the tested one. */
export class BundledRuns {
  readonly #before: readonly Entry[]
  readonly #after: readonly Entry[]

  /**
   * @param plugins entries as in Kong's declarative config: `name` and `config`.
   * @throws KongTsError (ERR_TEST) for a plugin that is not simulated.
   */
  constructor(plugins: readonly TestEntity[], tested: { readonly name: string; readonly priority: number }) {
    const entries = plugins.map(readEntry).sort((a, b) => rank(a.plugin, b.plugin))
    this.#before = entries.filter(({ plugin }) => rank(plugin, tested) < 0)
    this.#after = entries.filter(({ plugin }) => rank(plugin, tested) > 0)
  }

  /** Runs the plugins that Kong runs before the tested plugin. */
  runBefore(phase: Phase, kong: KongTransaction): void {
    run(this.#before, phase, kong)
  }

  /** Runs the plugins that Kong runs after the tested plugin. */
  runAfter(phase: Phase, kong: KongTransaction): void {
    run(this.#after, phase, kong)
  }
}

function run(entries: readonly Entry[], phase: Phase, kong: KongTransaction): void {
  for (const { plugin, config } of entries) if (!kong.interrupted && plugin.handlers[phase]) kong.runBundled(plugin, config)
}

/** Kong's order: the higher priority first, and for the same priority the later name in the alphabet. */
function rank(a: { readonly name: string; readonly priority: number }, b: { readonly name: string; readonly priority: number }): number {
  return a.priority === b.priority ? (a.name > b.name ? -1 : 1) : b.priority - a.priority
}

function readEntry({ name, config }: TestEntity, index: number): Entry {
  const plugin = BUNDLED_PLUGINS.get(String(name))
  if (plugin === undefined) {
    const known = [...BUNDLED_PLUGINS.keys()].join(', ')
    throw new KongTsError(
      'ERR_TEST',
      `plugins[${index}]: "${String(name)}" is not simulated in memory: leave it out, or use one of ${known}`,
    )
  }
  return { plugin, config: luaEntity(isRecord(config) ? config : {}) }
}
