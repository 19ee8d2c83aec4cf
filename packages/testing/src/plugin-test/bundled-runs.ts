import { KongTsError } from '@kong-ts/core'
import { luaEntity } from '@kong-ts/simulator'
import { isRecord } from '@kong-ts/simulator'
import { BUNDLED_PLUGINS, type BundledPlugin, type KongTransaction } from '@kong-ts/simulator'
import type { LuaTable } from '@kong-ts/schema/lua'
import type { TestEntity } from './test-entities.js'

type Phase = keyof BundledPlugin['handlers']

interface Entry {
  readonly plugin: BundledPlugin
  readonly config: LuaTable
}

/** Kong's own plugins that take part in a test beside the tested one. */
export class BundledRuns {
  private readonly before: readonly Entry[]
  private readonly after: readonly Entry[]

  /**
   * @param plugins entries as in Kong's declarative config: `name` and `config`.
   * @throws KongTsError (ERR_TEST) for a plugin that is not simulated.
   */
  constructor(plugins: readonly TestEntity[], tested: { readonly name: string; readonly priority: number }) {
    const entries = plugins.map(readEntry).sort((a, b) => rank(a.plugin, b.plugin))
    this.before = entries.filter(({ plugin }) => rank(plugin, tested) < 0)
    this.after = entries.filter(({ plugin }) => rank(plugin, tested) > 0)
  }

  /** Those that Kong runs before the tested plugin. */
  runBefore(phase: Phase, kong: KongTransaction): void {
    run(this.before, phase, kong)
  }

  runAfter(phase: Phase, kong: KongTransaction): void {
    run(this.after, phase, kong)
  }
}

function run(entries: readonly Entry[], phase: Phase, kong: KongTransaction): void {
  for (const { plugin, config } of entries) if (!kong.interrupted && plugin.handlers[phase]) kong.runBundled(plugin, config)
}

/** Kong's order: by priority, and by name backwards where it is the same. */
function rank(a: { readonly name: string; readonly priority: number }, b: { readonly name: string; readonly priority: number }): number {
  return a.priority === b.priority ? (a.name > b.name ? -1 : 1) : b.priority - a.priority
}

function readEntry({ name, config }: TestEntity, index: number): Entry {
  const plugin = BUNDLED_PLUGINS.get(String(name))
  if (plugin === undefined) {
    const known = [...BUNDLED_PLUGINS.keys()].join(', ')
    throw new KongTsError(
      'ERR_TEST',
      `plugins[${index}]: "${String(name)}" is not simulated in memory: leave it out, or take one of ${known}`,
    )
  }
  return { plugin, config: luaEntity(isRecord(config) ? config : {}) }
}
